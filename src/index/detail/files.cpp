#include "index/detail/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>

#include "index/detail/bytes.hpp"

namespace qiao::index::detail {
namespace {

constexpr std::string_view state_magic = "QIAOSTA\n";
constexpr std::uint32_t state_version = 2;
constexpr std::string_view manifest_name = "MANIFEST";

tl::unexpected<Error> corrupt() {
    return fail(ErrorCode::unavailable, "index.corrupt",
                "A file of the sequence index is damaged; the index must be rebuilt from history.");
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0)
        throw std::system_error(errno, std::generic_category(), "creating an index file");
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    const bool fine = bytes.empty() && ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    if (!fine)
        throw std::system_error(error, std::generic_category(), "writing an index file");
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in)
        return std::nullopt;
    std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
    in.seekg(0);
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!in)
        return std::nullopt;
    return bytes;
}

void put_attribute(std::string& out, const AttributeKey& key, const Attribute& attribute) {
    put(out, static_cast<std::uint8_t>(key.space));
    put(out, key.column.name);
    put(out, static_cast<std::uint8_t>(key.column.type));
    put(out, static_cast<std::uint8_t>(attribute.bits));
    put_all(out, *attribute.dictionary);
    put(out, static_cast<std::uint64_t>(attribute.blocks.size()));
    for (const auto& block : attribute.blocks) {
        put(out, static_cast<std::uint8_t>(block ? 1 : 0));
        if (block)
            out.append(block.get(), attribute.block_bytes());
    }
}

bool get_attribute(std::string_view& in, Intake& intake) {
    std::uint8_t space = 0, type = 0, bits = 0;
    AttributeKey key;
    Attribute attribute;
    std::vector<Cell> dictionary;
    std::uint64_t blocks = 0;
    if (!get(in, space) || !get(in, key.column.name) || !get(in, type) || !get(in, bits) ||
        !get_all(in, dictionary) || !get(in, blocks) || blocks > UINT32_MAX / block_size)
        return false;
    key.space = static_cast<Space>(space);
    key.column.type = static_cast<ValueType>(type);
    attribute.bits = bits;
    if (bits == 0 || (!attribute.is_coded() && bits != 32 && bits != 64))
        return false;
    attribute.dictionary = std::make_shared<const std::vector<Cell>>(std::move(dictionary));
    for (std::uint64_t i = 0; i < blocks; ++i) {
        std::uint8_t present = 0;
        const std::size_t size = attribute.block_bytes();
        if (!get(in, present))
            return false;
        attribute.blocks.push_back(nullptr);
        if (!present)
            continue;
        if (in.size() < size)
            return false;
        auto block = intake.block_memory().take(size);
        std::memcpy(block.get(), in.data(), size);
        attribute.blocks.back() = std::move(block);
        in.remove_prefix(size);
    }
    intake.restore(key, std::move(attribute));
    return true;
}

}  // namespace

void sync_directory(const std::filesystem::path& directory) {
    const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool fine = file >= 0 && ::fsync(file) == 0;
    const int error = errno;
    if (file >= 0)
        ::close(file);
    if (!fine)
        throw std::system_error(error, std::generic_category(), "syncing the index directory");
}

Result<std::optional<Manifest>> read_manifest(const std::filesystem::path& directory) {
    if (!std::filesystem::exists(directory / manifest_name))
        return std::nullopt;
    const auto bytes = read_file(directory / manifest_name);
    const auto end = bytes ? bytes->rfind("hash ") : std::string::npos;
    if (end == std::string::npos)
        return corrupt();
    std::ostringstream hash;
    hash << "hash " << std::hex << hash64(std::string_view(*bytes).substr(0, end)) << '\n';
    if (bytes->substr(end) != hash.str())
        return corrupt();
    std::istringstream lines(bytes->substr(0, end));
    std::string word, value;
    Manifest made;
    while (lines >> word >> value) {
        if (word == "qiao-index" && value != "1")
            return fail(ErrorCode::unavailable, "index.version",
                        "The sequence index was made by another version of Qiao; rebuild it.");
        if (word == "state")
            made.state = value;
        if (word == "segment")
            made.segments.push_back(value);
        if (word == "erased")
            std::from_chars(value.data(), value.data() + value.size(), made.erased_at_ms);
        if (word == "kept")
            std::from_chars(value.data(), value.data() + value.size(), made.kept_from_ms.emplace());
        if (word == "next")
            std::from_chars(value.data(), value.data() + value.size(), made.next_number);
    }
    if (made.state.empty())
        return corrupt();
    return made;
}

void write_manifest(const std::filesystem::path& directory, const Manifest& manifest) {
    std::ostringstream out;
    out << "qiao-index 1\nnext " << manifest.next_number << "\nstate " << manifest.state << '\n';
    for (const auto& segment : manifest.segments)
        out << "segment " << segment << '\n';
    if (manifest.erased_at_ms != 0)
        out << "erased " << manifest.erased_at_ms << '\n';
    if (manifest.kept_from_ms)
        out << "kept " << *manifest.kept_from_ms << '\n';
    const std::uint64_t hash = hash64(out.str());
    out << "hash " << std::hex << hash << '\n';
    const auto path = directory / manifest_name;
    auto temporary = path;
    temporary += ".new";
    write_file(temporary, out.str());
    std::filesystem::rename(temporary, path);
    sync_directory(directory);
}

void remove_others(const std::filesystem::path& directory, const Manifest& manifest) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
        const auto name = entry.path().filename().string();
        const bool ours = name.starts_with("segment-") || name.starts_with("state-");
        const bool named = name == manifest.state ||
                           std::find(manifest.segments.begin(), manifest.segments.end(), name) !=
                               manifest.segments.end();
        if (ours && !named)
            std::filesystem::remove(entry.path(), ignored);
    }
}

void write_state(const std::filesystem::path& path, const State& state,
                 const std::unordered_map<ProfileId, ProfileId>& redirects) {
    // Reserved, so that no text waits for the copy of a string that grows.
    std::size_t size = state.customers * (sizeof(ProfileId) + 1) + state.strings->memory();
    for (const auto& [key, attribute] : *state.attributes)
        size += attribute->bytes() + attribute->dictionary->size() * sizeof(Cell) + 64;
    std::string out;
    out.reserve(size + redirects.size() * 16 + 4096);
    out = state_magic;
    put(out, state_version);
    put(out, state.version);
    put(out, state.positions);
    put(out, state.customers);
    for (Dense dense = 0; dense < state.customers; ++dense)
        put(out, state.profile(dense));
    put_all(out, state.alive->words());
    put(out, static_cast<std::uint64_t>(redirects.size()));
    for (const auto& [from, to] : redirects) {
        put(out, from);
        put(out, to);
    }
    state.strings->save(out);
    put(out, static_cast<std::uint64_t>(state.attributes->size()));
    for (const auto& [key, attribute] : *state.attributes)
        put_attribute(out, key, *attribute);
    put(out, hash64(out));
    write_file(path, out);
}

Result<Positions> read_state(const std::filesystem::path& path, Strings& strings, Intake& intake) {
    const auto bytes = read_file(path);
    if (!bytes || bytes->size() < 32 || !bytes->starts_with(state_magic))
        return corrupt();
    std::string_view tail = std::string_view(*bytes).substr(bytes->size() - 8);
    std::string_view in = std::string_view(*bytes).substr(0, bytes->size() - 8);
    std::uint64_t hash = 0, version = 0, count = 0;
    if (!get(tail, hash) || hash != hash64(in))
        return corrupt();
    in.remove_prefix(state_magic.size());
    std::uint32_t format = 0;
    Positions positions{};
    Dense customers = 0;
    if (!get(in, format))
        return corrupt();
    if (format != state_version)
        return fail(ErrorCode::unavailable, "index.version",
                    "The sequence index was made by another version of Qiao; rebuild it.");
    if (!get(in, version) || !get(in, positions) || !get(in, customers))
        return corrupt();
    std::vector<ProfileId> profiles(customers);
    for (auto& profile : profiles)
        if (!get(in, profile))
            return corrupt();
    People alive(customers);
    if (!get_all(in, alive.words()) || alive.words().size() != (customers + 63) / 64)
        return corrupt();
    std::unordered_map<ProfileId, ProfileId> redirects;
    if (!get(in, count))
        return corrupt();
    for (std::uint64_t i = 0; i < count; ++i) {
        ProfileId from{}, to{};
        if (!get(in, from) || !get(in, to))
            return corrupt();
        redirects.emplace(from, to);
    }
    if (!strings.load(in) || !get(in, count))
        return corrupt();
    intake.restore(profiles, alive, redirects);
    for (std::uint64_t i = 0; i < count; ++i)
        if (!get_attribute(in, intake))
            return corrupt();
    return positions;
}

}  // namespace qiao::index::detail
