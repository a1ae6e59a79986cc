// A file system for tests whose disk fills up at a word: writes then fail half-way, as real ones
// do.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <string>

namespace qiao::journal {

class FullDisk final : public rocksdb::FileSystemWrapper {
public:
    FullDisk() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
    const char* Name() const override { return "qiao.FullDisk"; }

    void fill(bool full) { full_.store(full); }

    rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                   std::uint64_t* free, rocksdb::IODebugContext* debug) override {
        if (!full_.load())
            return target()->GetFreeSpace(path, options, free, debug);
        *free = 0;
        return rocksdb::IOStatus::OK();
    }

    rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* debug) override {
        if (full_.load())
            return rocksdb::IOStatus::NoSpace("the test's disk is full");
        std::unique_ptr<rocksdb::FSWritableFile> real;
        auto status = target()->NewWritableFile(name, options, &real, debug);
        if (status.ok())
            *file = std::make_unique<File>(std::move(real), full_);
        return status;
    }

private:
    class File final : public rocksdb::FSWritableFileOwnerWrapper {
    public:
        File(std::unique_ptr<rocksdb::FSWritableFile> real, const std::atomic<bool>& full)
            : FSWritableFileOwnerWrapper(std::move(real)), full_(full) {}

        rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* debug) override {
            if (!full_.load())
                return FSWritableFileOwnerWrapper::Append(data, options, debug);
            const rocksdb::Slice torn(data.data(), data.size() / 2);
            FSWritableFileOwnerWrapper::Append(torn, options, debug).PermitUncheckedError();
            return rocksdb::IOStatus::NoSpace("the test's disk is full");
        }
        rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                                 const rocksdb::DataVerificationInfo&,
                                 rocksdb::IODebugContext* debug) override {
            return Append(data, options, debug);
        }

    private:
        const std::atomic<bool>& full_;
    };

    std::atomic<bool> full_{false};
};

}  // namespace qiao::journal
