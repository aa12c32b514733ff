//===- HeaderMacros.cpp - What a C header says about a network -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No preprocessor: a macro counts if its one definition stands inside of the
// include guard and under no other condition, as headers of nn-compile have
// them. Everything else that could give it a value, or that gives one to another
// name, is an error: `#define kws_run other` renames what the prototypes declare.
//
//===----------------------------------------------------------------------===//
#include "Description.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;

namespace nnc::verify {
namespace {

/// Lines joined where they are continued, comments as blanks.
std::string withoutComments(StringRef text) {
  std::string joined;
  for (size_t i = 0; i < text.size(); ++i)
    if (text.substr(i).starts_with("\\\n"))
      ++i;
    else if (text.substr(i).starts_with("\\\r\n"))
      i += 2;
    else
      joined += text[i];
  std::string out;
  StringRef rest = joined;
  while (!rest.empty()) {
    if (rest.starts_with("/*")) {
      size_t end = rest.find("*/", 2);
      out += ' ';
      rest = end == StringRef::npos ? StringRef() : rest.drop_front(end + 2);
    } else if (rest.starts_with("//")) {
      rest = rest.drop_until([](char c) { return c == '\n'; });
    } else if (rest[0] == '"' || rest[0] == '\'') {
      size_t end = 1;
      while (end < rest.size() && rest[end] != rest[0] && rest[end] != '\n')
        end += rest[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, rest.size());
      out += rest.take_front(end);
      rest = rest.drop_front(end);
    } else {
      out += rest[0];
      rest = rest.drop_front();
    }
  }
  return out;
}

struct Macro {
  std::string value;
  std::string problem; ///< why the value cannot be relied on
};

/// The first word of `line`, which it loses.
StringRef takeWord(StringRef &line) {
  line = line.ltrim();
  StringRef word = line.take_while([](char c) { return isAlnum(c) || c == '_'; });
  line = line.drop_front(word.size());
  return word;
}

/// Why no header of nn-compile has this directive; empty if one may.
std::string directiveProblem(StringRef directive, StringRef rest) {
  static constexpr StringLiteral harmless[] = {"if",    "ifdef",  "ifndef", "endif",
                                               "error", "define", "undef"};
  rest = rest.trim();
  bool includes = directive == "include";
  if (is_contained(harmless, directive) || (includes && rest == "\"nn_runtime.h\""))
    return "";
  return "has '#" + directive.str() + (includes ? " " + rest.str() : "") +
         "', which no header of nn-compile has";
}

/// `depth` is that of conditions at the end.
StringMap<Macro> macrosOf(StringRef text, int &depth, std::vector<std::string> &problems) {
  StringMap<Macro> macros;
  std::string plain = withoutComments(text);
  if (text.contains("??"))
    problems.push_back("has a trigraph, which compilers read as another character");
  depth = 0;
  for (StringRef line : split(plain, '\n')) {
    line = line.trim();
    if (!line.consume_front("#") && !line.consume_front("%:")) // the same in other letters
      continue;
    StringRef directive = takeWord(line);
    if (std::string problem = directiveProblem(directive, line); !problem.empty())
      problems.push_back(problem);
    if (directive == "if" || directive == "ifdef" || directive == "ifndef")
      ++depth;
    else if (directive == "endif")
      --depth;
    if (directive != "define" && directive != "undef")
      continue;
    auto [it, isNew] = macros.try_emplace(takeWord(line));
    Macro &macro = it->second;
    macro.value = line.trim().str();
    if (directive == "undef")
      macro.problem = "is undefined";
    else if (!isNew)
      macro.problem = "is defined twice";
    else if (depth > 1)
      macro.problem = "is defined under a condition";
  }
  return macros;
}

/// "12U", "0xcUL", "(-3)" as a number.
std::optional<int64_t> integerOf(StringRef text) {
  int64_t value = 0;
  if (text.consume_front("("))
    text.consume_back(")");
  text = text.rtrim("uUlL");
  if (text.empty() || text.getAsInteger(0, value))
    return std::nullopt;
  return value;
}

/// A string literal of octal and simple escapes.
std::string literalOf(StringRef text) {
  std::string out;
  text = text.drop_front();
  if (!text.consume_back("\""))
    return "an open string";
  while (!text.empty()) {
    char c = text[0];
    text = text.drop_front();
    if (c != '\\' || text.empty()) {
      out += c;
      continue;
    }
    StringRef octal = text.take_front(3).take_while([](char d) { return d >= '0' && d <= '7'; });
    unsigned value = 0;
    if (octal.empty() || octal.getAsInteger(8, value))
      value = uint8_t(text[0]);
    text = text.drop_front(std::max<size_t>(octal.size(), 1));
    out += char(value);
  }
  return json::fixUTF8(out);
}

/// "7.8e-03f" as a number.
std::optional<float> floatOf(StringRef text) {
  double value = 0;
  if (!text.consume_back("f") || text.getAsDouble(value))
    return std::nullopt;
  return static_cast<float>(value);
}

/// The value of a macro as NAME.json writes that of its field.
std::string valueText(StringRef field, StringRef value) {
  if (value.starts_with("\""))
    return literalOf(value);
  if (value.consume_front("{"))
    return "[" + value.rtrim().rtrim("}").str() + "]";
  if (value.starts_with("NN_"))
    return value.drop_front(3).lower();
  if (field.ends_with(".scale"))
    if (std::optional<float> scale = floatOf(value))
      return floatText(*scale);
  std::optional<int64_t> number = integerOf(value);
  if (!number)
    return "'" + value.str() + "'";
  return field == "build_id" ? buildIdText(*number) : std::to_string(*number);
}

} // namespace

std::string headerSpelling(StringRef name, StringRef field) {
  static constexpr StringLiteral elsewhere[] = {"name", "target", "cpu", "compiler"};
  if (is_contained(elsewhere, field))
    return "";
  std::string macro = (name + "_").str();
  auto [list, part] = field.split('[');
  if (part.empty())
    return StringRef(macro + field.str()).upper();
  auto [index, member] = part.split("].");
  return StringRef(macro + list.drop_back().str() + "_" + index.str() + "_" + member.str()).upper();
}

Description describeHeader(StringRef text, StringRef name, StringRef file,
                           const Description &stated, std::vector<std::string> &errors) {
  Description description;
  int depth = 0;
  std::vector<std::string> problems;
  StringMap<Macro> macros = macrosOf(text, depth, problems);
  for (const auto &[macro, value] : macros)
    if (!macro.starts_with(name.upper() + "_") && macro != (name + "_H_").str())
      problems.push_back("defines " + macro.str() + ", which is no macro of network '" +
                         name.str() + "'");
  for (const std::string &problem : problems)
    errors.push_back(file.str() + ": " + problem);
  if (depth != 0)
    errors.push_back(file.str() + ": is cut off: #if and #endif do not match");
  for (const auto &[field, value] : stated.says) {
    std::string spelled = headerSpelling(name, field);
    auto macro = macros.find(spelled);
    if (macro != macros.end()) {
      description.says[field] = valueText(field, macro->second.value);
      if (!macro->second.problem.empty())
        errors.push_back(file.str() + ": " + spelled + " " + macro->second.problem);
    } else if (StringRef(field).ends_with(".shape")) {
      description.says[field] = "[]"; // a scalar's is not defined: C has no empty lists
    } else if (StringRef(field).ends_with(".scale")) {
      description.says[field] = floatText(0); // not quantized
    } else if (StringRef(field).ends_with(".zero_point")) {
      description.says[field] = "0";
    }
  }
  return description;
}

} // namespace nnc::verify
