#include <mutex>
#include <unordered_map>

#include "index/detail/bulk_rows.hpp"
#include "index/detail/impl.hpp"

namespace qiao::index {

struct BulkLoader::Work {
    explicit Work(std::shared_ptr<Index::Impl> index)
        : index(std::move(index)), no_flush(this->index->maintenance) {}

    std::shared_ptr<Index::Impl> index;
    std::unique_lock<std::mutex> no_flush;
    std::mutex mutex;  // of what follows
    Segments segments;
    // Names repeat from customer to customer.
    struct Known {
        Code code = 0;
        AttributeWriter* writers[7] = {};  // by type
    };
    std::unordered_map<std::string, Known> known[3];  // by space
};

BulkLoader::BulkLoader(Index& empty) : work_(std::make_unique<Work>(empty.impl())) {}
BulkLoader::~BulkLoader() = default;

Strings& BulkLoader::strings() { return *work_->index->strings; }

Dense BulkLoader::add_customer(ProfileId profile) {
    return work_->index->intake.new_dense(profile);
}

void BulkLoader::redirect(ProfileId from, ProfileId to) {
    work_->index->intake.profiles().redirect(from, to);
}

void BulkLoader::forget(ProfileId profile) {
    work_->index->intake.apply({.kind = IndexChange::Kind::erase, .profile = profile}, {});
}

void BulkLoader::set(Space space, Dense customer, const std::string& name, const Value& value) {
    auto& intake = work_->index->intake;
    if (space == Space::identity) {
        intake.add_identity(customer, name, value);
        return;
    }
    const auto type = type_of(value);
    if (type == ValueType::null)
        return;
    const auto [place, is_new] = work_->known[static_cast<std::size_t>(space)].try_emplace(name);
    auto& known = place->second;
    if (is_new)
        known.code = strings().code(name);
    auto& writer = known.writers[static_cast<std::size_t>(type)];
    if (!writer)
        writer = &intake.writer({space, {known.code, type}});
    writer->set(customer, strings().cell(value));
}

void BulkLoader::add_segment(const std::function<void(SegmentWriter&)>& fill) {
    auto& index = *work_->index;
    SegmentPtr made;
    if (index.options.directory.empty()) {
        SegmentWriter writer;
        fill(writer);
        made = Segment::of_bytes(writer.finish());
    } else {
        std::filesystem::path path;
        {
            const std::lock_guard lock(work_->mutex);
            path = index.options.directory / index.next_file();
        }
        SegmentWriter writer(path);
        fill(writer);
        writer.finish();
        made = index.open_file(path);
    }
    const std::lock_guard lock(work_->mutex);
    if (made->rows() > 0)
        work_->segments.push_back(std::move(made));
}

void BulkLoader::finish(const Positions& positions) {
    auto& index = *work_->index;
    {
        const std::lock_guard applying(index.apply_mutex);
        index.amend([&](State& state) { state.segments = work_->segments; });
        index.publish(positions, nullptr);
    }
    if (!index.options.directory.empty())
        index.flush_locked();
    work_->no_flush.unlock();
}

void Index::load(std::vector<ProfileId> profiles, std::vector<BulkTag> tags,
                 const std::function<bool(BulkEvent&)>& next, const Positions& positions) {
    BulkLoader loader(*this);
    for (const auto profile : profiles)
        loader.add_customer(profile);
    for (const auto& tag : tags) {
        auto& writer =
            impl()->intake.writer({Space::tag, {loader.strings().code(tag.name), tag.type}});
        for (Dense dense = 0; dense < profiles.size(); ++dense)
            writer.set(dense, tag.cells[dense]);
    }
    loader.add_segment([&](SegmentWriter& writer) {
        for (BulkEvent event; next(event); event = {}) {
            detail::BulkRows rows{loader.strings().code(event.event),
                                  std::move(event.customer),
                                  std::move(event.time_ms),
                                  {}};
            for (auto& column : event.columns)
                rows.columns.emplace_back(
                    ColumnKey{loader.strings().code(column.name), column.type},
                    std::move(column.cells));
            detail::add_rows(writer, rows);
        }
    });
    loader.finish(positions);
}

}  // namespace qiao::index
