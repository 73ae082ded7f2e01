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
pub const NOT_SUPPORTED: &str = "Not supported";
pub const MODBV: &str = "modbv object should have full bit vector range";
pub const PORT_IN_LIST: &str = "Port in list is not supported";
pub const TWO_LISTS: &str = "Signal in multiple list is not supported";
pub const LIST_PORT: &str = "List of signals as a port is not supported";
pub const LIST_WIDTHS: &str = "Signal elements should have the same bit width";
pub const LIST_TYPES: &str = "Signal elements should have the same base type";
pub const UNSIZED_SIGNAL: &str = "Signal has undefined bit width";
pub const LIST_ELEMENT: &str = "Can't assign to list element; use slice assignment to change its value";
