// Why a customer is in or not in an audience: the rule tree with, on every node, whether it holds
// and a sentence that says because of what, in Chinese and English.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "base/rule.hpp"
#include "index/plan.hpp"

namespace qiao::audience {

struct Sentence {
    std::string zh, en;
};

// What the dictionary calls a name: for tags and events; an empty text leaves the name as it is.
using Wording = std::function<Sentence(std::string_view kind, std::string_view name)>;

// For one condition that is not all, any or not.
Sentence because(const rule::Node& node, const index::Explained& explained, const Wording& wording);

// {"holds", "because", "because_zh", "because_en", "pointer", "kind", "parts"?}; `because` is in
// the wanted language. `explained` has the shape of `rule`, which is resolved.
boost::json::object explain_json(const rule::Node& rule, const index::Explained& explained,
                                 const Wording& wording, bool english);

}  // namespace qiao::audience
