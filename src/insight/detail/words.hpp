// Ids and roles, which hold no blanks, as one text of a row in the database.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace qiao::insight::detail {

inline std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

inline std::vector<std::string> split(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    return words;
}

}  // namespace qiao::insight::detail
