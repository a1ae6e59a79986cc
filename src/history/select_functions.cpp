#include <sstream>

#include "history/select_check.hpp"

namespace qiao::history {
namespace {

// Pure functions of their arguments. Left out on purpose: what reads settings, the catalog, files
// or sequences, what waits, logs or raises errors of its own, and what runs SQL.
constexpr const char* names = R"(
+ - * / // % ^ ** & | ~ << >> || ! @ ~~ !~~ ~~* !~~* ~~~ <-> <=> -> ->> @> <@ && = <> < > <= >=
__postfix abs acos acosh add age any_value approx_count_distinct approx_quantile approx_top_k
arbitrary arg_max arg_max_null arg_min arg_min_null argmax argmin array_agg array_append
array_concat array_contains array_distinct array_extract array_filter array_has array_has_all
array_has_any array_intersect array_length array_position array_prepend array_reverse array_slice
array_sort array_to_string array_transform array_unique array_value array_zip ascii asin asinh
atan atan2 atanh avg bit_and bit_count bit_length bit_or bit_xor bool_and bool_or cardinality cbrt
ceil ceiling century char_length character_length chr coalesce concat concat_ws contains corr cos
cosh cot count count_if count_star countif covar_pop covar_samp cume_dist current_date
current_localtime current_localtimestamp damerau_levenshtein date_add date_diff date_part date_sub
date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear
days_in_month decade degrees dense_rank divide element_at ends_with entropy epoch epoch_ms
epoch_ns epoch_us equi_width_bins era even exp factorial favg fdiv fill first first_value flatten
floor fmod format format_bytes from_json fsum gamma gcd geomean geometric_mean
get_current_timestamp greatest greatest_common_divisor group_concat hamming hash hour ilike_escape
instr is_histogram_other_bin histogram histogram_exact ifnull isfinite isinf isnan isodow isoyear
jaccard jaro_similarity jaro_winkler_similarity json_array json_array_length json_contains
json_exists json_extract json_extract_path json_extract_path_text json_extract_string
json_group_array json_group_object json_keys json_object json_structure json_type json_valid
json_value julian kahan_sum kurtosis kurtosis_pop lag last last_day last_value lcase lcm lead
least least_common_multiple left len length levenshtein lgamma like_escape list list_aggregate
list_append list_apply list_avg list_concat list_contains list_count list_distinct list_element
list_extract list_filter list_first list_has list_has_all list_has_any list_intersect list_last
list_max list_median list_min list_pack list_position list_prepend list_reduce list_reverse
list_reverse_sort list_slice list_sort list_string_agg list_sum list_transform list_unique
list_value list_where list_zip listagg ln log log10 log2 lower lpad ltrim mad make_date make_time
make_timestamp make_timestamp_ms make_timestamptz map map_contains map_entries map_extract
map_from_entries map_keys map_values max max_by md5 mean median microsecond millennium millisecond
min min_by minute mod mode month monthname multiply nextafter not_ilike_escape not_like_escape now
nth_value ntile nullif octet_length ord percent_rank pi position pow power prefix printf product
quantile quantile_cont quantile_disc quarter radians random range generate_series rank rank_dense
regexp_escape regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace
regexp_split_to_array regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx
regr_sxy regr_syy repeat replace reservoir_quantile reverse right round round_even row row_number
row_to_json rpad rtrim second sem sha256 sign signbit sin sinh skewness split split_part sqrt
starts_with stddev stddev_pop stddev_samp str_split str_split_regex strftime string_agg
string_split string_split_regex string_to_array strip_accents strlen strpos strptime
struct_extract struct_extract_at struct_pack struct_insert substr substring subtract suffix sum
sumkahan tan tanh time_bucket timezone timezone_hour timezone_minute to_base64 to_centuries
to_days to_decades to_hex to_hours to_json to_microseconds to_milliseconds to_minutes to_months
to_quarters to_seconds to_timestamp to_weeks to_years today transaction_timestamp translate trim
trunc try_strptime typeof ucase unicode unnest upper url_decode url_encode var_pop var_samp
variance week weekday weekofyear weighted_avg wavg xor year yearweek
)";

}  // namespace

const std::set<std::string, std::less<>>& allowed_functions() {
    static const auto made = [] {
        std::set<std::string, std::less<>> set;
        std::istringstream words(names);
        for (std::string word; words >> word;)
            set.insert(word);
        return set;
    }();
    return made;
}

}  // namespace qiao::history
