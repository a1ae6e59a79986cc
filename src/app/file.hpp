// Files that are on the disk when they are said to be.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace qiao::app {

// An open file, of mode 0600 where it is made. All throw std::system_error.
class File {
public:
    // `flags` as for open(2).
    File(const std::filesystem::path& path, int flags);
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    // Fills the chunk from its beginning; answers how many bytes, 0 at the end.
    std::size_t read(std::string& chunk) const;
    void write(std::string_view bytes) const;
    void sync() const;

private:
    const std::filesystem::path path_;
    int descriptor_;
};

// What was made, renamed or removed in it stays so when the machine stops.
void sync_directory(const std::filesystem::path& directory);

}  // namespace qiao::app
