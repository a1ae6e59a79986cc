#include "dictionary/definition.hpp"

#include <algorithm>
#include <array>

namespace qiao::dictionary {

namespace {

constexpr std::array<std::string_view, 3> kind_names = {"event", "property", "tag"};
constexpr std::array<std::string_view, 3> status_names = {"unreviewed", "reviewed", "blocked"};
constexpr std::array<std::string_view, 3> class_names = {"C1", "C2", "C3"};

struct PersonalName {
    std::string_view name;  // lower case, without _ - and space
    DataClass data_class;
    std::string_view identity_kind;
    bool also_as_property;  // a page or a product has a name too, so some count for tags alone
};

constexpr PersonalName personal_names[] = {
    {"phone", DataClass::c2, "phone", true},
    {"mobile", DataClass::c2, "phone", true},
    {"mobilephone", DataClass::c2, "phone", true},
    {"phonenumber", DataClass::c2, "phone", true},
    {"mobilenumber", DataClass::c2, "phone", true},
    {"telephone", DataClass::c2, "phone", true},
    {"手机号", DataClass::c2, "phone", true},
    {"手机号码", DataClass::c2, "phone", true},
    {"email", DataClass::c2, "email", true},
    {"emailaddress", DataClass::c2, "email", true},
    {"邮箱", DataClass::c2, "email", true},
    {"idcard", DataClass::c3, "id_card", true},
    {"idcardno", DataClass::c3, "id_card", true},
    {"idno", DataClass::c3, "id_card", true},
    {"idnumber", DataClass::c3, "id_card", true},
    {"identitycard", DataClass::c3, "id_card", true},
    {"身份证", DataClass::c3, "id_card", true},
    {"身份证号", DataClass::c3, "id_card", true},
    {"account", DataClass::c3, "account", true},
    {"accountno", DataClass::c3, "account", true},
    {"accountnumber", DataClass::c3, "account", true},
    {"bankaccount", DataClass::c3, "account", true},
    {"cardno", DataClass::c3, "account", true},
    {"cardnumber", DataClass::c3, "account", true},
    {"bankcard", DataClass::c3, "account", true},
    {"卡号", DataClass::c3, "account", true},
    {"银行卡号", DataClass::c3, "account", true},
    {"账号", DataClass::c3, "account", true},
    {"openid", DataClass::c1, "open_id", false},
    {"wechatopenid", DataClass::c1, "open_id", false},
    {"name", DataClass::c2, "", false},
    {"fullname", DataClass::c2, "", true},
    {"realname", DataClass::c2, "", true},
    {"firstname", DataClass::c2, "", true},
    {"lastname", DataClass::c2, "", true},
    {"customername", DataClass::c2, "", true},
    {"姓名", DataClass::c2, "", true},
    {"address", DataClass::c2, "", true},
    {"homeaddress", DataClass::c2, "", true},
    {"住址", DataClass::c2, "", true},
    {"地址", DataClass::c2, "", false},
};

template <class Enum, std::size_t n>
Result<Enum> enum_of(const std::array<std::string_view, n>& names, std::string_view name, int first,
                     std::string_view what) {
    for (std::size_t i = 0; i < n; ++i)
        if (names[i] == name)
            return static_cast<Enum>(static_cast<int>(i) + first);
    std::string choices;
    for (auto choice : names)
        choices += (choices.empty() ? "" : ", ") + std::string(choice);
    return fail(ErrorCode::invalid, "dictionary.unknown_word",
                "the " + std::string(what) + " is one of " + choices);
}

}  // namespace

std::string_view name_of(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }
std::string_view name_of(Status status) { return status_names[static_cast<std::size_t>(status)]; }
std::string_view name_of(DataClass data_class) {
    return class_names[static_cast<std::size_t>(data_class) - 1];
}
Result<Kind> kind_of_name(std::string_view name) {
    return enum_of<Kind>(kind_names, name, 0, "kind");
}
Result<Status> status_of_name(std::string_view name) {
    return enum_of<Status>(status_names, name, 0, "status");
}
Result<DataClass> data_class_of_name(std::string_view name) {
    return enum_of<DataClass>(class_names, name, 1, "class");
}

Result<void> check_name(std::string_view name) {
    if (name.empty())
        return fail(ErrorCode::unprocessable, "dictionary.empty_name", "a name must not be empty");
    if (name.size() > 200)
        return fail(ErrorCode::unprocessable, "dictionary.long_name",
                    "a name may be at most 200 bytes long");
    if (std::any_of(name.begin(), name.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
        return fail(ErrorCode::unprocessable, "dictionary.bad_name",
                    "a name must not hold control characters");
    return {};
}

Guess guess_of(Kind kind, std::string_view name) {
    if (kind == Kind::event || name.size() > 40)
        return {};
    if (const auto dot = name.rfind('.'); dot != std::string_view::npos)
        name.remove_prefix(dot + 1);
    std::string plain;
    for (char c : name)
        if (c != '_' && c != '-' && c != ' ' && c != '$')
            plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    for (const auto& known : personal_names) {
        if (known.name != plain)
            continue;
        if (kind == Kind::tag)
            return {known.data_class, known.identity_kind};
        if (known.also_as_property)
            return {known.data_class, {}};
    }
    return {};
}

DataClass class_of_identity(std::string_view identity_kind) {
    if (identity_kind == "phone" || identity_kind == "email")
        return DataClass::c2;
    if (identity_kind == "id_card" || identity_kind == "account")
        return DataClass::c3;
    return DataClass::c1;
}

}  // namespace qiao::dictionary
