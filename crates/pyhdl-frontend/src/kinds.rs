//! What MyHDL calls errors that have a code of their own here only together with others: programs that were written
//! for it compare these texts.

pub const TYPE_MISMATCH: &str = "Type mismatch with earlier assignment";
pub const WIDTH_MISMATCH: &str = "Nr of bits mismatch with earlier assignment";
pub const UNSIZED_VECTOR: &str = "intbv object should have a bit width";
pub const CANNOT_INFER: &str = "Can't infer variable type";
pub const RETURN_MISMATCH: &str = "Return type mismatch";
pub const UNSIZED_RETURN: &str = "Returned intbv instance should have bit width";
pub const FREE_VARIABLE: &str = "Free variable should be a Signal or an int";
pub const YIELD: &str = "Unsupported yield statement";
pub const LIST: &str = "Unsupported list comprehension form: should be [intbv()[n:] for i in range(m)]";
pub const FORMAT: &str = "Format string error";
pub const FORMAT_CONVERSION: &str = "Unsupported format string";
pub const REQUIREMENT: &str = "Requirement violation";
pub const ATTRIBUTE: &str = "Unsupported attribute";
