// Numbers and texts as the customer module's records and messages hold them.
#pragma once

#include <string>
#include <string_view>

#include "journal/fact.hpp"

namespace qiao::customer::detail {

void put_number(std::string& out, std::uint64_t number);
void put_time(std::string& out, Time time);
void put_text(std::string& out, std::string_view text);
void put_identity(std::string& out, const Identity& identity);
// Big endian, so that keys sort by number.
void put_sortable(std::string& out, std::uint64_t number);
void put_sortable(std::string& out, std::uint32_t number);
std::uint64_t sortable64(std::string_view bytes);

// Reads what put_* wrote. After the first shortage every read gives zero and `ok` is false.
class Reader {
public:
    explicit Reader(std::string_view in) : in_(in) {}
    std::uint64_t number();
    std::uint32_t number32() { return static_cast<std::uint32_t>(number()); }
    Time time();
    std::string text();
    Identity identity();
    Value value();
    // A count of things that take at least one byte each.
    std::size_t count();
    ProfileId profile() { return ProfileId{number()}; }
    bool is_at_end() const { return in_.empty(); }

    bool ok = true;

private:
    std::string_view in_;
};

}  // namespace qiao::customer::detail
