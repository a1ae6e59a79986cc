#include "base/time.hpp"

#include <date/tz.h>

#include <array>
#include <charconv>
#include <cstdio>

namespace qiao {

namespace {

constexpr Day days_of_civil(int year, unsigned month, unsigned day) {
    return date::sys_days{date::year{year} / static_cast<int>(month) / static_cast<int>(day)}
        .time_since_epoch()
        .count();
}

date::year_month_day civil_of(Day day) {
    return date::year_month_day{date::sys_days{date::days{day}}};
}

// Takes exactly `digits` decimal digits off the front.
bool take_digits(std::string_view& text, std::size_t digits, int& number) {
    if (text.size() < digits)
        return false;
    auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (error != std::errc{} || end != text.data() + digits || number < 0)
        return false;
    text.remove_prefix(digits);
    return true;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted)
        return false;
    text.remove_prefix(1);
    return true;
}

bool take_day(std::string_view& text, Day& day) {
    int year = 0, month = 0, day_of_month = 0;
    if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, month) ||
        !take(text, '-') || !take_digits(text, 2, day_of_month))
        return false;
    const date::year_month_day civil{date::year{year}, date::month(static_cast<unsigned>(month)),
                                     date::day(static_cast<unsigned>(day_of_month))};
    if (!civil.ok())
        return false;
    day = date::sys_days{civil}.time_since_epoch().count();
    return true;
}

bool take_fraction_ms(std::string_view& text, int& ms) {
    ms = 0;
    if (!take(text, '.') && !take(text, ','))
        return true;
    int places = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (places < 3)
            ms = ms * 10 + (text.front() - '0');
        ++places;
        text.remove_prefix(1);
    }
    for (int place = places; place < 3; ++place)
        ms *= 10;
    return places > 0;
}

bool take_offset_minutes(std::string_view& text, int& minutes) {
    if (take(text, 'Z') || take(text, 'z'))
        return true;
    const bool is_west = !text.empty() && text.front() == '-';
    if (!take(text, '+') && !take(text, '-'))
        return false;
    int hour = 0, minute = 0;
    if (!take_digits(text, 2, hour))
        return false;
    take(text, ':');
    if (!take_digits(text, 2, minute) || hour > 23 || minute > 59)
        return false;
    minutes = (is_west ? -1 : 1) * (hour * 60 + minute);
    return true;
}

tl::unexpected<Error> not_a_time() {
    return fail(ErrorCode::invalid, "time.malformed",
                "a time must be RFC 3339 with an offset, such as 2026-10-01T08:00:00+08:00");
}

const date::time_zone* zone_of(const void* zone) {
    return static_cast<const date::time_zone*>(zone);
}

constexpr std::array<std::pair<char, std::int64_t>, 4> duration_units = {
    {{'m', 60'000}, {'h', 3'600'000}, {'d', 86'400'000}, {'w', 604'800'000}}};

}  // namespace

std::string format_time(Time time) {
    const auto day = date::floor<date::days>(time);
    const auto civil = date::year_month_day{day};
    auto rest = static_cast<long>((time - day).count());
    char text[40];
    const auto ms = rest % 1000;
    rest /= 1000;
    auto size =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ld",
                      static_cast<int>(civil.year()), static_cast<unsigned>(civil.month()),
                      static_cast<unsigned>(civil.day()), rest / 3600, rest / 60 % 60, rest % 60);
    std::string out(text, static_cast<std::size_t>(size));
    if (ms != 0) {
        size = std::snprintf(text, sizeof text, ".%03ld", ms);
        out.append(text, static_cast<std::size_t>(size));
    }
    return out + "Z";
}

Result<Time> parse_time(std::string_view text) {
    Day day = 0;
    int hour = 0, minute = 0, second = 0, ms = 0, offset = 0;
    if (!take_day(text, day) || (!take(text, 'T') && !take(text, 't') && !take(text, ' ')))
        return not_a_time();
    if (!take_digits(text, 2, hour) || !take(text, ':') || !take_digits(text, 2, minute))
        return not_a_time();
    if (take(text, ':') && (!take_digits(text, 2, second) || !take_fraction_ms(text, ms)))
        return not_a_time();
    if (!take_offset_minutes(text, offset) || !text.empty())
        return not_a_time();
    if (hour > 23 || minute > 59 || second > 60)
        return not_a_time();
    const auto seconds = (std::int64_t{day} * 24 + hour) * 3600 + (minute - offset) * 60 + second;
    return time_from_ms(seconds * 1000 + ms);
}

Result<Duration> parse_duration(std::string_view text) {
    std::int64_t count = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const auto used = static_cast<std::size_t>(end - text.data());
    if (error == std::errc{} && count > 0 && count <= 1'000'000 && used + 1 == text.size()) {
        for (auto [unit, ms] : duration_units)
            if (text[used] == unit)
                return Duration{count * ms};
    }
    return fail(ErrorCode::invalid, "duration.malformed",
                "a duration is a positive whole number with one unit of m, h, d or w, such as 30d");
}

std::string format_duration(Duration duration) {
    // The largest unit that fits, but never weeks: a window of 7d reads back as it was written.
    for (auto unit = duration_units.rbegin(); unit != duration_units.rend(); ++unit)
        if (unit->first != 'w' && duration.count() % unit->second == 0 && duration.count() != 0)
            return std::to_string(duration.count() / unit->second) + unit->first;
    return std::to_string(duration.count() / 60'000) + "m";
}

std::string format_day(Day day) {
    const auto civil = civil_of(day);
    char text[32];
    const auto size =
        std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(civil.year()),
                      static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()));
    return {text, static_cast<std::size_t>(size)};
}

Result<Day> parse_day(std::string_view text) {
    Day day = 0;
    if (!take_day(text, day) || !text.empty())
        return fail(ErrorCode::invalid, "day.malformed", "a day must look like 2026-10-01");
    return day;
}

Result<Calendar> Calendar::of_zone(std::string_view iana_name) {
    try {
        return Calendar(date::locate_zone(std::string(iana_name)));
    } catch (const std::runtime_error&) {
        return fail(ErrorCode::invalid, "calendar.unknown_zone",
                    "no such time zone on this machine; use an IANA name such as Asia/Shanghai");
    }
}

Day Calendar::day_of(Time time) const {
    const auto offset = zone_of(zone_)->get_info(date::floor<std::chrono::seconds>(time)).offset;
    return static_cast<Day>(date::floor<date::days>(time + offset).time_since_epoch().count());
}

Time Calendar::start_of(Day day) const {
    const auto local = date::local_days{date::days{day}};
    return date::floor<Duration>(zone_of(zone_)->to_sys(local, date::choose::earliest));
}

Day Calendar::week_start(Day day) {
    // 1970-01-01 was a Thursday; Monday is day 0 of a week.
    const auto weekday = ((day + 3) % 7 + 7) % 7;
    return day - weekday;
}

Day Calendar::month_start(Day day) {
    const auto civil = civil_of(day);
    return days_of_civil(static_cast<int>(civil.year()), static_cast<unsigned>(civil.month()), 1);
}

Day Calendar::quarter_start(Day day) {
    const auto civil = civil_of(day);
    const auto month = (static_cast<unsigned>(civil.month()) - 1) / 3 * 3 + 1;
    return days_of_civil(static_cast<int>(civil.year()), month, 1);
}

Day Calendar::year_start(Day day) {
    return days_of_civil(static_cast<int>(civil_of(day).year()), 1, 1);
}

Day Calendar::add_months(Day month_start, int months) {
    const auto civil = civil_of(month_start);
    const auto moved = civil.year() / civil.month() + date::months{months};
    return days_of_civil(static_cast<int>(moved.year()), static_cast<unsigned>(moved.month()), 1);
}

std::string_view Calendar::zone_name() const { return zone_of(zone_)->name(); }

}  // namespace qiao
