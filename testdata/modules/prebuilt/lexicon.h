// How often each word of a text occurs, as "word=n" in order; an error for an empty text. Freed by free().
#pragma once

char* lexicon_count(const char* text);
