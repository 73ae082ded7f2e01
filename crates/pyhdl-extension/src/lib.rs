//! `pyhdl._core` for a CPython that imports the package by itself: the module of `pyhdl-python` as a loadable library.

pub use pyhdl_python::_core;
