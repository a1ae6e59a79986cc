#include "index/detail/block_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "base/check.hpp"

namespace qiao::index::detail {
namespace {

constexpr std::size_t piece_bytes = std::size_t{2} << 20;

}  // namespace

BlockBytes BlockMemory::take(std::size_t bytes) {
    // Where this fails, the end of the block has given it back already.
    return {cut_or_reuse(bytes),
            [bytes, owner = shared_from_this()](char* done) { owner->give_back(done, bytes); }};
}

std::size_t BlockMemory::bytes() const {
    const std::lock_guard lock(mutex_);
    return held_;
}

char** BlockMemory::free_of(std::size_t bytes) {
    check(bytes > 0 && bytes % unit == 0);
    if (bytes <= small)
        return &free_[bytes / unit - 1];
    const auto found = large_.find(bytes);
    return found == large_.end() ? nullptr : &found->second;
}

char* BlockMemory::cut_or_reuse(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    char** free = free_of(bytes);
    if (!free || !*free)
        return cut(bytes);
    char* block = *free;
    std::memcpy(free, block, sizeof *free);
    return block;
}

// What is left of a piece serves as small blocks.
char* BlockMemory::cut(std::size_t bytes) {
    if (left_ < bytes) {
        const auto size = (bytes + piece_bytes - 1) / piece_bytes * piece_bytes;
        std::unique_ptr<char, Free> piece(
            static_cast<char*>(std::aligned_alloc(piece_bytes, size)));
        if (!piece)
            throw std::bad_alloc();
        ::madvise(piece.get(), size, MADV_HUGEPAGE);  // small pages do as well
        pieces_.push_back(std::move(piece));
        for (; left_ > 0; left_ -= std::min(left_, small))
            keep(end_ - left_, std::min(left_, small));
        held_ += size;
        end_ = pieces_.back().get() + size;
        left_ = size;
    }
    char* block = end_ - left_;
    left_ -= bytes;
    return block;
}

void BlockMemory::keep(char* block, std::size_t bytes) {
    if (bytes > small)
        large_.try_emplace(bytes, nullptr);
    char** free = free_of(bytes);
    std::memcpy(block, free, sizeof *free);
    *free = block;
}

void BlockMemory::give_back(char* block, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    keep(block, bytes);
}

}  // namespace qiao::index::detail
