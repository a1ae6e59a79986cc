// The properties of a history row, read member by member without building a document.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/value.hpp"

namespace qiao::history {

// As properties_json() wrote it. A time is a text there: only the dictionary tells them apart.
struct Property {
    std::string_view name;
    ValueType type = ValueType::null;  // boolean, number, string, string_set or sealed
    bool truth = false;
    Decimal number;
    std::string_view text;  // of a string; the hash of a sealed value
    StringSet set;
};

// Of one thread.
class PropertiesReader {
public:
    PropertiesReader();
    ~PropertiesReader();
    // False where the text is not what properties_json() writes; members before that were visited.
    // What `visit` is shown is valid during the call.
    bool read(std::string_view json, const std::function<void(const Property&)>& visit);

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace qiao::history
