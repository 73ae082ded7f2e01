//! [`Code`]: functions compiled to machine code that runs.
//!
//! The functions know no addresses: they find each other, and the runtime, through the memory that they are given. So
//! their bytes can be put anywhere, and kept in a file.

use cranelift_codegen::ir::{AbiParam, Function, Signature, types};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{Context, control::ControlPlane};
use memmap2::{Mmap, MmapMut};
use serde::{Deserialize, Serialize};

use crate::Refused;
use crate::passes::Pass;

pub const OPTIMIZER: Pass = Pass {
    name: "optimizer",
    about: "the code generator's own optimisations",
    leave_out: |options| options.optimize = false,
};

/// What every function is called with: the memory. It returns a status.
pub type Entry = unsafe extern "C" fn(*mut u8) -> i32;

/// Machine code of several functions.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Blob {
    pub bytes: Vec<u8>,
    /// Where each function starts.
    pub starts: Vec<u32>,
}

/// The processor that this program runs on.
pub fn target(optimize: bool) -> Result<OwnedTargetIsa, Refused> {
    // Others need their instruction caches to be told.
    if !cfg!(target_arch = "x86_64") {
        return Err(Refused("code for another processor than x86-64".to_owned()));
    }
    let refused = |e: &dyn std::fmt::Display| Refused(format!("this processor is not known: {e}"));
    let mut flags = settings::builder();
    let level = if optimize { "speed" } else { "none" };
    for (name, value) in [
        ("opt_level", level),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
        ("use_colocated_libcalls", "false"),
        ("is_pic", "false"),
        ("enable_probestack", "false"),
        ("enable_alias_analysis", "true"),
    ] {
        flags.set(name, value).map_err(|e| refused(&e))?;
    }
    let isa = cranelift_native::builder().map_err(|e| refused(&e))?;
    isa.finish(settings::Flags::new(flags)).map_err(|e| refused(&e))
}

pub fn signature(conv: CallConv) -> Signature {
    let mut signature = Signature::new(conv);
    signature.params.push(AbiParam::new(types::I64));
    signature.returns.push(AbiParam::new(types::I32));
    signature
}

impl Blob {
    /// The next function is never called.
    pub fn leave_out(&mut self) {
        self.starts.push(0);
    }

    /// Compiles the next function.
    pub fn add(&mut self, function: Function, isa: &OwnedTargetIsa) -> Result<(), Refused> {
        let mut context = Context::for_function(function);
        let compiled = context
            .compile(&**isa, &mut ControlPlane::default())
            .map_err(|e| Refused(format!("the code generator says: {:?}", e.inner)))?;
        if !compiled.buffer.relocs().is_empty() {
            return Err(Refused("code that is not independent of its place".to_owned()));
        }
        while !self.bytes.len().is_multiple_of(32) {
            self.bytes.push(0);
        }
        self.starts.push(self.bytes.len() as u32);
        self.bytes.extend_from_slice(compiled.code_buffer());
        Ok(())
    }
}

/// Machine code in executable memory.
#[derive(Debug)]
pub struct Code {
    map: Mmap,
    starts: Vec<u32>,
}

impl Code {
    pub fn new(blob: &Blob) -> Result<Code, Refused> {
        let refused = |e: std::io::Error| Refused(format!("no memory for machine code: {e}"));
        let mut map = MmapMut::map_anon(blob.bytes.len().max(1)).map_err(refused)?;
        map[..blob.bytes.len()].copy_from_slice(&blob.bytes);
        Ok(Code { map: map.make_exec().map_err(refused)?, starts: blob.starts.clone() })
    }

    /// The addresses of all functions.
    pub fn addresses(&self) -> impl Iterator<Item = u64> {
        let base = self.map.as_ptr() as u64;
        self.starts.iter().map(move |start| base + u64::from(*start))
    }

    /// Function 0.
    pub fn entry(&self) -> Entry {
        let start = self.starts.first().map_or(0, |s| *s as usize);
        let address = self.map[start..].as_ptr();
        // SAFETY: the bytes at `address` are a function of this type: `Blob::add` compiled it with `signature`.
        unsafe { std::mem::transmute::<*const u8, Entry>(address) }
    }
}
