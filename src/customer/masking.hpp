// Personal data as people without the right to see it are shown it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace qiao::customer {

// What is left of a value of this kind: enough to recognise one that is known, too little to use
// it.
//   phone    13812345678 → 138****5678       email  zhang@bank.cn → z***@bank.cn
//   name     张小明 → 张**, Ann Lee → A** L**   account 6222021234567890 → 6222********7890
//   id_card  110101199003071234 → 1101**********1234
// Other kinds of identity are no personal data by themselves and stay; a short or odd value turns
// into stars altogether. Text is UTF-8; a character counts as one.
std::string mask(std::string_view kind, std::string_view plaintext);
// Stars for a personal value of unknown shape (a tag of class C2 or C3).
std::string mask_value(std::string_view plaintext);

}  // namespace qiao::customer
