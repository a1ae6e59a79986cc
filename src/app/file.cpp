#include "app/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace qiao::app {
namespace {

[[noreturn]] void throw_errno(const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

}  // namespace

File::File(const std::filesystem::path& path, int flags)
    : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0)
        throw_errno(path);
}

File::~File() { ::close(descriptor_); }

std::size_t File::read(std::string& chunk) const {
    const auto n = ::read(descriptor_, chunk.data(), chunk.size());
    if (n < 0)
        throw_errno(path_);
    return static_cast<std::size_t>(n);
}

void File::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto n = ::write(descriptor_, bytes.data(), bytes.size());
        if (n < 0)
            throw_errno(path_);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

void File::sync() const {
    if (::fsync(descriptor_) != 0)
        throw_errno(path_);
}

void sync_directory(const std::filesystem::path& directory) {
    File(directory, O_RDONLY | O_DIRECTORY).sync();
}

}  // namespace qiao::app
