#include "collect/batch.hpp"

#include <array>

namespace qiao::collect {

namespace {

constexpr std::array<std::string_view, 4> protocol_names = {"segment", "sensors", "native",
                                                            "posthog"};

constexpr std::string_view reserved_prefixes[] = {
    "$message_",  "$audience_", "$campaign_", "$contact_", "$consent_", "$journey_",
    "$customer_", "$identity_", "$tag_",      "$control_", "$qiao_",    "$suppressed",
    "$erase",     "$merge",     "$holdout",   "$send_"};

std::string escaped(std::string_view part) {
    std::string out;
    for (char c : part) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out.push_back(c);
    }
    return out;
}

std::string base_of(Protocol protocol, const Fact& fact) {
    switch (protocol) {
        case Protocol::segment:
            return fact.kind == FactKind::event ? "/properties/" : "/traits/";
        case Protocol::native:
            return "/data/";
        case Protocol::sensors:
        case Protocol::posthog:
            return "/properties/";
    }
    return "/";
}

}  // namespace

std::string_view name_of(Protocol protocol) {
    return protocol_names[static_cast<std::size_t>(protocol)];
}

std::optional<Protocol> protocol_of_name(std::string_view name) {
    for (std::size_t i = 0; i < protocol_names.size(); ++i)
        if (protocol_names[i] == name)
            return static_cast<Protocol>(i);
    return std::nullopt;
}

std::string pointer_of(Protocol protocol, const Fact& fact, std::string_view property) {
    const bool is_context = protocol == Protocol::segment && property.starts_with("context.");
    std::string pointer = is_context ? std::string(1, '/') : base_of(protocol, fact);
    // Nested members were joined with dots; keys that hold dots themselves are rare and read the
    // same.
    while (true) {
        const auto dot = property.find('.');
        pointer += escaped(property.substr(0, dot));
        if (dot == std::string_view::npos)
            return pointer;
        pointer += "/";
        property.remove_prefix(dot + 1);
    }
}

std::string name_pointer_of(Protocol protocol) {
    return protocol == Protocol::native ? "/type" : "/event";
}

bool is_reserved(std::string_view event_name) {
    if (!event_name.starts_with('$'))
        return false;
    for (const auto prefix : reserved_prefixes)
        if (event_name.starts_with(prefix))
            return true;
    return false;
}

}  // namespace qiao::collect
