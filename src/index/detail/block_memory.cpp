#include "index/detail/block_memory.hpp"

#include <sys/mman.h>

#include <cstring>
#include <new>

#include "base/check.hpp"

namespace qiao::index::detail {
namespace {

constexpr std::size_t piece_bytes = std::size_t{2} << 20;

std::size_t place_of(std::size_t bytes) {
    check(bytes > 0 && bytes <= BlockMemory::most && bytes % BlockMemory::unit == 0);
    return bytes / BlockMemory::unit - 1;
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
    if (!free)
        return cut(bytes);
    char* block = free;
    std::memcpy(&free, block, sizeof free);
    return block;
}

// What is left of a piece serves as a block of its size.
char* BlockMemory::cut(std::size_t bytes) {
    if (left_ < bytes) {
        std::unique_ptr<char, Free> piece(
            static_cast<char*>(std::aligned_alloc(piece_bytes, piece_bytes)));
        if (!piece)
            throw std::bad_alloc();
        ::madvise(piece.get(), piece_bytes, MADV_HUGEPAGE);  // small pages do as well
        if (left_ > 0)
            keep(pieces_.back().get() + piece_bytes - left_, left_);
        left_ = 0;
        pieces_.push_back(std::move(piece));
        left_ = piece_bytes;
    }
    char* block = pieces_.back().get() + piece_bytes - left_;
    left_ -= bytes;
    return block;
}

void BlockMemory::keep(char* block, std::size_t bytes) {
    auto& free = free_[place_of(bytes)];
    std::memcpy(block, &free, sizeof free);
    free = block;
}

void BlockMemory::give_back(char* block, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    keep(block, bytes);
}

}  // namespace qiao::index::detail
