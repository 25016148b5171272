// Built by another Rust compiler than libagent: 6 for "1 2 3", -1 for what is no number (a panic, caught).
#pragma once

int tally_sum(const char* numbers);
