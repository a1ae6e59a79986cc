// Memory for the blocks of attributes.
//
// Blocks, and runs of them, are cut from pieces of 2 MB, one after the other, and large pages are
// asked for: a question over a column of two million customers then crosses a few pages and not a
// thousand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace qiao::index::detail {

using BlockBytes = std::shared_ptr<char[]>;

class BlockMemory : public std::enable_shared_from_this<BlockMemory> {
public:
    static constexpr std::size_t unit = 512;

    // A number of whole units; the content is whatever it was. The block may outlive whoever owns
    // this. Any thread; so is the end of a block.
    BlockBytes take(std::size_t bytes);
    // What it holds, in use or not; blocks that come back are kept for others of their size.
    std::size_t bytes() const;

private:
    struct Free {
        void operator()(char* piece) const { std::free(piece); }
    };
    static constexpr std::size_t small = unit * 64;
    char** free_of(std::size_t bytes);  // where the first free one of this size stands, if any
    char* cut_or_reuse(std::size_t bytes);
    char* cut(std::size_t bytes);
    void keep(char* block, std::size_t bytes);
    void give_back(char* block, std::size_t bytes);

    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<char, Free>> pieces_;
    std::size_t held_ = 0;  // bytes of all pieces
    char* end_ = nullptr;   // of the last piece
    std::size_t left_ = 0;  // bytes before it
    // By size, the small ones in units less one; each begins with where the next lies.
    std::array<char*, small / unit> free_{};
    std::map<std::size_t, char*> large_;
};

}  // namespace qiao::index::detail
