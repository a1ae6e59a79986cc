// A release beside the one before it: rows told apart by the version of the app that they carry.
#pragma once

#include "index/column.hpp"
#include "index/snapshot.hpp"
#include "insight/question.hpp"

namespace qiao::insight {

struct Versions {
    std::string by = "app_version";  // the property with the version, a text
    std::string now;                 // empty: rows of every version
    std::string before;              // empty: nothing to compare with

    bool are_compared() const { return !before.empty(); }
};
// Members "version", "than" (which needs a version) and "version_by".
Versions versions_of(Form& form);

// Which side of a comparison a number is of.
enum class Release : std::uint8_t { now, before };
inline constexpr std::size_t sides = 2;

// The versions of a snapshot's rows as cells.
class VersionCells {
public:
    VersionCells(const Versions& versions, const index::State& state)
        : key_(key_of(versions.by, state)),
          is_any_(versions.now.empty()),
          now_(cell_of(versions.now, state)),
          before_(cell_of(versions.before, state)) {}

    // The column of these rows; null where none carries a version.
    const index::Column* in(const index::EventRows& rows) const {
        return key_ ? rows.find(*key_) : nullptr;
    }
    bool is_of(Release release, index::Cell cell) const {
        if (release == Release::now && is_any_)
            return true;
        return cell != index::missing && cell == (release == Release::now ? now_ : before_);
    }

private:
    static std::optional<index::ColumnKey> key_of(const std::string& name,
                                                  const index::State& state) {
        const auto code = state.strings->find(name);
        return code ? std::optional(index::ColumnKey{*code, ValueType::string}) : std::nullopt;
    }
    // Missing where the version is empty, or no row carries it.
    static index::Cell cell_of(const std::string& version, const index::State& state) {
        const auto code = version.empty() ? std::nullopt : state.strings->find(version);
        return code ? index::Cell{*code} : index::missing;
    }

    std::optional<index::ColumnKey> key_;
    bool is_any_;
    index::Cell now_, before_;
};

}  // namespace qiao::insight
