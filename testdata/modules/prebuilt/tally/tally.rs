//! A second Rust library, which another compiler than libagent's may have built.
use std::ffi::{c_char, CStr};

/// # Safety
/// `numbers` is a C string.
#[no_mangle]
pub unsafe extern "C" fn tally_sum(numbers: *const c_char) -> i32 {
    let numbers = CStr::from_ptr(numbers).to_string_lossy();
    std::panic::set_hook(Box::new(|_| {}));
    std::panic::catch_unwind(|| numbers.split(' ').map(|n| n.parse::<i32>().unwrap()).sum()).unwrap_or(-1)
}
