// Whether somebody still waits for what this thread works out: a long answer that nobody will read
// is given up.
#pragma once

#include <atomic>

namespace qiao {

// From its making to its end, this thread works for an asker. `has_left` outlives it.
class AskerScope {
public:
    explicit AskerScope(const std::atomic<bool>& has_left) : outer_(current_) {
        current_ = &has_left;
    }
    ~AskerScope() { current_ = outer_; }
    AskerScope(const AskerScope&) = delete;
    AskerScope& operator=(const AskerScope&) = delete;

    // Becomes true when the asker has left; null where the work is for nobody in particular.
    static const std::atomic<bool>* has_left() { return current_; }

private:
    inline static thread_local const std::atomic<bool>* current_ = nullptr;
    const std::atomic<bool>* outer_;
};

}  // namespace qiao
