// Chains, columns, attributes and the loops over blocks, each on its own.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <random>

#include "index/attributes.hpp"
#include "index/column.hpp"
#include "index/detail/block_tests.hpp"
#include "index/sequence.hpp"

namespace qiao::index {
namespace {

unsigned chain(std::vector<StepHit> hits, unsigned steps, std::optional<std::int64_t> window = {}) {
    return longest_chain(hits, steps, window);
}

TEST(LongestChain, TakesOneEventForOneStep) {
    EXPECT_EQ(chain({{1, 0b11}}, 2), 1u);
    EXPECT_EQ(chain({{1, 0b11}, {1, 0b11}}, 2), 2u);
    EXPECT_EQ(chain({{1, 0b11}, {2, 0b11}}, 2), 2u);
}

TEST(LongestChain, TakesEventsOfEqualTimeInTheBetterOrder) {
    EXPECT_EQ(chain({{1, 0b10}, {1, 0b01}}, 2), 2u);
    EXPECT_EQ(chain({{1, 0b010}, {1, 0b111}, {1, 0b011}}, 3), 3u);
    EXPECT_EQ(chain({{1, 0b011}, {1, 0b011}, {1, 0b011}}, 3), 2u);
}

TEST(LongestChain, CountsTheWindowFromTheFirstStep) {
    EXPECT_EQ(chain({{0, 1}, {10, 2}}, 2, 10), 2u);
    EXPECT_EQ(chain({{0, 1}, {11, 2}}, 2, 10), 1u);
    EXPECT_EQ(chain({{0, 1}, {5, 1}, {8, 2}, {15, 4}}, 3, 10), 3u);
    EXPECT_EQ(chain({{0, 1}, {8, 2}, {9, 1}, {15, 4}}, 3, 10), 2u);
    EXPECT_EQ(chain({}, 2, 10), 0u);
}

RC_GTEST_PROP(Columns, GiveBackEveryCell, ()) {
    const auto few = *rc::gen::container<std::vector<Cell>>(rc::gen::arbitrary<Cell>());
    const auto unit = *rc::gen::element<Cell>(1, 100, 10'000);
    std::vector<Cell> cells;
    if (!few.empty())
        for (std::size_t i = 0; i < 6000; ++i) {
            const Cell cell = few[i % few.size()];
            cells.push_back(*rc::gen::just(
                i % 17 == 0 ? missing : cell % 1'000'000 * unit + static_cast<Cell>(i) * unit));
        }
    if (*rc::gen::arbitrary<bool>())
        cells.insert(cells.end(), few.begin(), few.end());
    const auto encoded = encode_column(cells);
    const Column column{encoded.encoding, encoded.data.data(), encoded.dictionary, encoded.base,
                        encoded.unit};
    for (std::uint32_t i = 0; i < cells.size(); ++i)
        RC_ASSERT(column.at(i) == cells[i]);
    Predicate predicate;
    predicate.low = few.empty() ? 0 : few.front();
    const BoundTest test(column, predicate);
    for (std::uint32_t i = 0; i < cells.size(); ++i)
        RC_ASSERT((test.always() || test(i)) == predicate(cells[i]));
}

RC_GTEST_PROP(Attributes, WidenAndKeepWhatSnapshotsSaw, ()) {
    AttributeWriter writer(std::make_shared<detail::BlockMemory>());
    std::map<Dense, Cell> now, then;
    const auto spread = *rc::gen::element<Cell>(100, 10'000, 200'000, INT64_MAX);
    const auto room = *rc::gen::element<std::size_t>(0, 3000, std::size_t{1} << 30);
    const auto publish = [&] {
        auto bytes = room;
        return writer.publish(bytes);
    };
    std::shared_ptr<const Attribute> seen = publish();
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
    const auto changes = *rc::gen::element(50, 2000, 80'000);
    for (int i = 0; i < changes; ++i) {
        const auto customer = static_cast<Dense>(random() % 9000);
        Cell cell = static_cast<Cell>(random() % static_cast<std::uint64_t>(spread));
        if (random() % 10 == 0)
            cell = missing;
        if (random() % 50'000 == 0)
            cell = -5;
        writer.set(customer, cell);
        now[customer] = cell;
        if (random() % 2'000 != 0)
            continue;
        seen = publish();
        then = now;
    }
    for (const auto& [customer, cell] : then)
        RC_ASSERT(seen->at(customer) == cell);
    const auto last = publish();
    Predicate predicate;
    predicate.low = 50;
    predicate.high = *rc::gen::element<Cell>(60, 90, 5'000'000'000);
    const AttributeTest test(last, predicate);
    for (Dense block = 0; block < 3; ++block) {
        BlockBits bits, candidates;
        for (std::uint32_t i = 0; i < block_size; ++i)
            candidates.put(i, i % 7 != 3);
        test.block(block, candidates, bits);
        for (std::uint32_t i = 0; i < block_size; ++i) {
            const auto found = now.find(block * block_size + i);
            const Cell cell = found == now.end() ? missing : found->second;
            RC_ASSERT(last->at(block * block_size + i) == cell);
            RC_ASSERT(bits.has(i) == (candidates.has(i) && predicate(cell)));
        }
    }
}

TEST(Attributes, ScatteredBlocksStandInARowAgain) {
    const auto memory = std::make_shared<detail::BlockMemory>();
    AttributeWriter writer(memory);
    constexpr Dense blocks = 20;
    std::size_t none = 0, enough = 1 << 20;
    const auto is_in_a_row = [](const Attribute& one) {
        for (std::size_t i = 1; i < blocks; ++i)
            if (one.blocks[i].get() != one.blocks[i - 1].get() + one.block_bytes())
                return false;
        return true;
    };
    for (Dense block = 0; block < blocks; ++block)
        writer.set(block * block_size, block % 3);
    const auto first = writer.publish(none);
    EXPECT_TRUE(is_in_a_row(*first));
    for (Dense block = blocks; block-- > 0;)
        writer.set(block * block_size + 1, 2);
    EXPECT_FALSE(is_in_a_row(*writer.publish(none)));
    const auto last = writer.publish(enough);  // nothing has changed, but there is room now
    EXPECT_TRUE(is_in_a_row(*last));
    EXPECT_EQ(enough, (1u << 20) - blocks * last->block_bytes());
    writer.set(7, 1);  // a few may lie elsewhere
    EXPECT_FALSE(is_in_a_row(*writer.publish(enough)));
    for (Dense block = 0; block < blocks; ++block) {
        EXPECT_EQ(first->at(block * block_size), block % 3);
        EXPECT_EQ(first->at(block * block_size + 1), missing);
        EXPECT_EQ(last->at(block * block_size + 1), 2);
    }
}

// Ranges and short lists take few choices, long lists of codes in any order are looked up.
RC_GTEST_PROP(CodeTest, ReadsPlanesAsItReadsCodes, ()) {
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
    const auto bits = *rc::gen::inRange(1u, detail::most_planes + 1);
    const std::size_t known = (std::size_t{1} << bits) - random() % (std::size_t{1} << (bits - 1));
    std::vector<std::uint8_t> passes(known);
    const auto [low, high] = std::minmax({random() % known, random() % known});
    const auto kind = *rc::gen::inRange(0, 4);
    for (std::size_t code = 0; code < known; ++code)
        passes[code] = kind == 0   ? code >= low && code <= high
                       : kind == 1 ? random() % known < 5
                       : kind == 2 ? random() % 2 == 0
                                   : 1;
    detail::BlockCodes codes, read;
    BlockBits candidates, found;
    for (Dense i = 0; i < block_size; ++i) {
        codes[i] = static_cast<std::uint16_t>(random() % known);
        candidates.put(i, random() % 3 != 0);
    }
    std::vector<std::uint64_t> planes(block_words * bits);
    detail::write_codes(codes, bits, planes.data());
    detail::read_codes(planes.data(), bits, read);
    RC_ASSERT(read == codes);
    const detail::CodeTest test(passes, bits);
    test.block(planes.data(), candidates, found, planes.data());
    for (Dense i = 0; i < block_size; ++i)
        RC_ASSERT(found.has(i) == (candidates.has(i) && passes[codes[i]] != 0));
}

// On a processor with AVX2 both ways are asked; elsewhere the test says nothing new.
RC_GTEST_PROP(BlockTests, AreTheSameForEveryProcessor, ()) {
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
    constexpr unsigned bits = 5;
    std::vector<std::uint64_t> planes(block_words * bits);
    for (auto& word : planes)
        word = random();
    std::vector<detail::PlaneChoice> choices;
    for (std::uint16_t node = 2; node < 60; ++node)
        choices.push_back({static_cast<std::uint16_t>(random() % bits),
                           static_cast<std::uint16_t>(random() % node),
                           static_cast<std::uint16_t>(random() % node)});
    std::vector<std::uint32_t> words(block_size);
    std::vector<Cell> cells(block_size);
    BlockBits candidates;
    for (Dense i = 0; i < block_size; ++i) {
        words[i] = static_cast<std::uint32_t>(random());
        cells[i] = static_cast<Cell>(random());
        candidates.put(i, random() % 3 != 0);
    }
    const auto [low, high] = std::minmax(words[0], words[1]);
    const auto [first, last] = std::minmax(cells[0], cells[1]);
    const auto bits_of = [&](const detail::BlockTests& tests) {
        std::array<BlockBits, 3> made;
        tests.choose(planes.data(), bits, choices, candidates, made[0], planes.data());
        tests.inside_32(words.data(), low, high, candidates, made[1], words.data());
        tests.inside_64(cells.data(), first, last, candidates, made[2], cells.data());
        return made;
    };
    const auto runnable = detail::runnable_tests();
    const auto plain = bits_of(*runnable.front());
    for (const auto* tests : runnable) {
        const auto made = bits_of(*tests);
        for (std::size_t test = 0; test < plain.size(); ++test)
            for (std::uint32_t i = 0; i < block_size; ++i)
                RC_ASSERT(plain[test].has(i) == made[test].has(i));
    }
    for (std::uint32_t i = 0; i < block_size; ++i)
        RC_ASSERT(plain[1].has(i) == (candidates.has(i) && words[i] >= low && words[i] <= high));
}

}  // namespace
}  // namespace qiao::index
