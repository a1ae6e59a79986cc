#include "index/detail/block_memory.hpp"

#include <sys/mman.h>

#include <bit>
#include <new>

#include "base/check.hpp"

namespace qiao::index::detail {
namespace {

constexpr std::size_t piece_bytes = std::size_t{2} << 20;

std::size_t place_of(std::size_t bytes) {
    check(std::has_single_bit(bytes) && bytes >= BlockMemory::least && bytes <= BlockMemory::most);
    return static_cast<std::size_t>(std::countr_zero(bytes / BlockMemory::least));
}

}  // namespace

BlockBytes BlockMemory::take(std::size_t bytes) {
    // Where this fails, the end of the block has given it back already.
    return {cut_or_reuse(bytes),
            [bytes, owner = shared_from_this()](char* done) { owner->give_back(done, bytes); }};
}

std::size_t BlockMemory::bytes() const {
    const std::lock_guard lock(mutex_);
    return pieces_.size() * piece_bytes;
}

char* BlockMemory::cut_or_reuse(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    auto& free = free_[place_of(bytes)];
    if (free.empty())
        return cut(bytes);
    char* block = free.back();
    free.pop_back();
    return block;
}

// What is left of a piece is a whole number of the least blocks: it serves as such.
char* BlockMemory::cut(std::size_t bytes) {
    if (left_ < bytes) {
        for (; left_ >= least; left_ -= least)
            free_[0].push_back(pieces_.back().get() + piece_bytes - left_);
        auto* piece = static_cast<char*>(std::aligned_alloc(piece_bytes, piece_bytes));
        if (!piece)
            throw std::bad_alloc();
        pieces_.emplace_back(piece);
        // The end of a block must find room and cannot fail.
        for (std::size_t place = 0; place < free_.size(); ++place)
            free_[place].reserve(pieces_.size() * piece_bytes / (least << place));
        ::madvise(piece, piece_bytes, MADV_HUGEPAGE);  // small pages do as well
        left_ = piece_bytes;
    }
    char* block = pieces_.back().get() + piece_bytes - left_;
    left_ -= bytes;
    return block;
}

void BlockMemory::give_back(char* block, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    free_[place_of(bytes)].push_back(block);
}

}  // namespace qiao::index::detail
