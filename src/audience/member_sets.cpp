#include "audience/member_sets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/check.hpp"
#include "journal/bytes.hpp"
#include "runtime/log.hpp"

namespace qiao::audience {
namespace {

constexpr std::string_view magic = "QIAOMEM1";
constexpr std::string_view suffix = ".members";
constexpr std::string_view staged_suffix = ".staged";

[[noreturn]] void refused(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void write_synced(const std::filesystem::path& path, std::string_view bytes) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        refused("cannot write the members of an audience");
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0) {
            ::close(file);
            refused("cannot write the members of an audience");
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file) != 0 || ::close(file) != 0)
        refused("cannot sync the members of an audience");
}

void sync_directory(const std::filesystem::path& directory) {
    const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        refused("cannot open the folder of the audiences");
    ::fsync(file);
    ::close(file);
}

std::optional<MemberSet> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return std::nullopt;
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    auto set = decode_member_set(bytes);
    if (!set) {
        log::error("audience: " + path.filename().string() + " is damaged; it is computed anew");
        return std::nullopt;
    }
    return std::move(*set);
}

}  // namespace

bool MemberSet::contains(ProfileId profile) const {
    return std::binary_search(members.begin(), members.end(), profile);
}

std::string encode(const MemberSet& set) {
    std::string out(magic);
    journal::put_signed(out, set.run);
    journal::put_signed(out, set.version);
    journal::put_signed(out, to_ms(set.at));
    journal::put_varint(out, set.members.size());
    std::uint64_t before = 0;
    for (const auto member : set.members) {
        journal::put_varint(out, static_cast<std::uint64_t>(member) - before);
        before = static_cast<std::uint64_t>(member);
    }
    journal::put_big_endian(out, hash64(out));
    return out;
}

Result<MemberSet> decode_member_set(std::string_view bytes) {
    const auto refuse = [] {
        return fail(ErrorCode::unavailable, "audience.corrupt",
                    "The stored members of an audience are damaged; refresh the audience.");
    };
    if (bytes.size() < magic.size() + 8 || !bytes.starts_with(magic))
        return refuse();
    const auto body = bytes.substr(0, bytes.size() - 8);
    if (journal::big_endian<std::uint64_t>(bytes.substr(body.size())) != hash64(body))
        return refuse();
    auto rest = body.substr(magic.size());
    journal::ByteReader reader{rest};
    MemberSet set;
    set.run = reader.signed_int();
    set.version = reader.signed_int();
    set.at = time_from_ms(reader.signed_int());
    const auto count = reader.count();
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < count && reader.ok; ++i) {
        before += reader.varint();
        set.members.push_back(static_cast<ProfileId>(before));
    }
    if (!reader.ok || !rest.empty())
        return refuse();
    return set;
}

MemberSets::MemberSets(std::filesystem::path directory) : directory_(std::move(directory)) {
    std::filesystem::create_directories(directory_);
}

std::filesystem::path MemberSets::path_of(std::string_view audience, bool staged) const {
    check(audience.find('/') == std::string_view::npos);
    auto name = std::string(audience);
    name += staged ? staged_suffix : suffix;
    return directory_ / name;
}

std::shared_ptr<const MemberSet> MemberSets::find(std::string_view audience) {
    const std::scoped_lock lock(mutex_);
    if (const auto known = cache_.find(audience); known != cache_.end())
        return known->second;
    std::shared_ptr<const MemberSet> set;
    if (auto read = read_file(path_of(audience, false)))
        set = std::make_shared<const MemberSet>(std::move(*read));
    cache_.emplace(audience, set);
    return set;
}

std::optional<MemberSet> MemberSets::staged(std::string_view audience) const {
    return read_file(path_of(audience, true));
}

void MemberSets::stage(std::string_view audience, const MemberSet& set) {
    check(std::is_sorted(set.members.begin(), set.members.end()));
    const auto path = path_of(audience, true);
    const auto half_written = path.string() + ".tmp";
    write_synced(half_written, encode(set));
    std::filesystem::rename(half_written, path);
    sync_directory(directory_);
}

void MemberSets::commit(std::string_view audience) {
    const std::scoped_lock lock(mutex_);
    std::filesystem::rename(path_of(audience, true), path_of(audience, false));
    sync_directory(directory_);
    if (const auto known = cache_.find(audience); known != cache_.end())
        cache_.erase(known);
}

void MemberSets::drop_staged(std::string_view audience) {
    std::error_code ignored;  // what stays is in nobody's way
    std::filesystem::remove(path_of(audience, true), ignored);
}

void MemberSets::forget(ProfileId profile) {
    const std::scoped_lock lock(mutex_);
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
        auto set = read_file(entry.path());
        if (!set || !set->contains(profile))
            continue;
        std::erase(set->members, profile);
        const auto half_written = entry.path().string() + ".tmp";
        write_synced(half_written, encode(*set));
        std::filesystem::rename(half_written, entry.path());
    }
    cache_.clear();
}

}  // namespace qiao::audience
