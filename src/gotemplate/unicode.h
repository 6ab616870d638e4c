// Letters, digits and cases of Unicode, as Go's package unicode knows them (Unicode 15).
#pragma once

namespace fleet::gotemplate {

bool is_letter(char32_t rune);       // category L
bool is_digit(char32_t rune);        // category Nd
bool is_upper(char32_t rune);        // category Lu
bool is_lower(char32_t rune);        // category Ll
bool is_title(char32_t rune);        // category Lt
bool is_punctuation(char32_t rune);  // category P
bool is_number(char32_t rune);       // category N
bool is_unicode_space(char32_t rune);
char32_t upper_of(char32_t rune);
char32_t lower_of(char32_t rune);
char32_t title_of(char32_t rune);

}  // namespace fleet::gotemplate
