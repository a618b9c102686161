package dev.galen.tokenizer.jinja;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** The methods of Python's strings. */
final class StringMethods {
  private static final Set<String> NAMES =
      Set.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "endswith",
          "expandtabs",
          "find",
          "format",
          "format_map",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "islower",
          "isnumeric",
          "isprintable",
          "isspace",
          "istitle",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "upper",
          "zfill");

  private static final Set<String> UNSUPPORTED =
      Set.of("encode", "isidentifier", "maketrans", "translate");

  private StringMethods() {}

  static Object find(String text, String name) {
    if (NAMES.contains(name)) {
      return (Callable) (arguments, budget) -> new Run(text, name, arguments, budget).result();
    }
    if (UNSUPPORTED.contains(name)) {
      throw new JinjaException("the method str." + name + " is not supported");
    }
    return Attributes.NONE;
  }

  /** One call. */
  private record Run(String text, String name, Arguments arguments, Budget budget) {

    Object result() {
      budget.spend(text.length());
      return switch (name) {
        case "lower", "casefold", "upper", "title", "capitalize", "swapcase" -> {
          bind(0);
          yield Letters.change(name, text);
        }
        case "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "islower",
            "isnumeric",
            "isprintable",
            "isspace",
            "istitle",
            "isupper" -> {
          bind(0);
          yield Letters.is(name, text);
        }
        case "strip", "lstrip", "rstrip" -> strip();
        case "startswith", "endswith" -> starts();
        case "find", "rfind", "index", "rindex" -> find();
        case "count" -> count();
        case "replace" -> replace();
        case "split", "rsplit" -> Splitting.split(text, name.equals("rsplit"), arguments, budget);
        case "splitlines" ->
            PythonText.splitLines(text, arguments.bind(0, "keepends").flag("keepends"), budget);
        case "partition", "rpartition" -> partition();
        case "removeprefix", "removesuffix" -> remove();
        case "join" -> join();
        case "center", "ljust", "rjust" -> pad();
        case "zfill" -> zeroFill();
        case "expandtabs" -> expandTabs();
        case "format" -> BraceFormat.format(text, arguments, budget);
        default -> {
          Object map = bind(1, "mapping").get("mapping");
          if (!(map instanceof Dict dict)) {
            throw new JinjaException("format_map() wants a dict");
          }
          var named = new LinkedHashMap<String, Object>();
          dict.keys().forEach(key -> named.put(Values.str(key, budget), dict.get(key, null)));
          yield BraceFormat.format(text, new Arguments(name, List.of(), named), budget);
        }
      };
    }

    /** Python's methods of strings take most arguments by position only. */
    private Arguments.Bound bind(int required, String... parameters) {
      if (!arguments.named().isEmpty()) {
        throw new JinjaException("str.%s() takes no keyword arguments".formatted(name));
      }
      return arguments.bind(required, parameters);
    }

    private String strip() {
      String characters = bind(0, "chars").text("chars", null);
      String left = text;
      if (!name.equals("rstrip")) {
        left =
            characters == null
                ? PythonText.stripStart(left)
                : PythonText.stripStart(left, characters);
      }
      if (!name.equals("lstrip")) {
        left =
            characters == null ? PythonText.stripEnd(left) : PythonText.stripEnd(left, characters);
      }
      return left;
    }

    private Object starts() {
      Arguments.Bound bound = bind(1, "prefix", "start", "end");
      String part = part(bound);
      Object wanted = bound.get("prefix");
      List<Object> all = wanted instanceof Tuple tuple ? tuple.items() : Arrays.asList(wanted);
      for (Object one : all) {
        String fix = Values.textOrNull(one);
        if (fix == null) {
          throw one instanceof Undefined undefined && !(wanted instanceof Tuple)
              ? new JinjaException(firstArgument(undefined))
              : new JinjaException(firstArgument(wanted));
        }
        if (part != null
            && (name.equals("startswith") ? part.startsWith(fix) : part.endsWith(fix))) {
          return true;
        }
      }
      return false;
    }

    private String firstArgument(Object value) {
      return "%s first arg must be str or a tuple of str, not %s"
          .formatted(name, Values.typeName(value));
    }

    /** The text from {@code start} to {@code end}; null if it starts behind its end. */
    private String part(Arguments.Bound bound) {
      int length = PythonText.length(text);
      long start = bound.get("start") == null ? 0 : bound.number("start", 0);
      long end = bound.get("end") == null ? length : bound.number("end", length);
      start = Math.max(0, start < 0 ? start + length : start);
      end = Math.clamp(end < 0 ? end + length : end, 0, length);
      if (start > end) {
        return null;
      }
      int from = text.offsetByCodePoints(0, (int) start);
      return text.substring(from, text.offsetByCodePoints(from, (int) (end - start)));
    }

    private Object find() {
      Arguments.Bound bound = bind(1, "sub", "start", "end");
      String sub = bound.text("sub", null);
      String part = part(bound);
      int found =
          part == null ? -1 : name.startsWith("r") ? part.lastIndexOf(sub) : part.indexOf(sub);
      if (found < 0) {
        if (name.endsWith("index")) {
          throw new JinjaException("substring not found");
        }
        return -1L;
      }
      long start = bound.get("start") == null ? 0 : bound.number("start", 0);
      int length = PythonText.length(text);
      return Math.max(0, start < 0 ? start + length : start) + part.codePointCount(0, found);
    }

    private Object count() {
      Arguments.Bound bound = bind(1, "sub", "start", "end");
      String sub = bound.text("sub", null);
      String part = part(bound);
      if (part == null || sub.isEmpty()) {
        return part == null ? 0L : PythonText.length(part) + 1L;
      }
      long count = 0;
      for (int i = part.indexOf(sub); i >= 0; i = part.indexOf(sub, i + sub.length())) {
        count++;
      }
      return count;
    }

    private String replace() {
      Arguments.Bound bound = bind(2, "old", "new", "count");
      return Splitting.replace(
          text,
          bound.text("old", null),
          bound.text("new", null),
          bound.number("count", -1),
          budget);
    }

    private Tuple partition() {
      String separator = bind(1, "sep").text("sep", null);
      if (separator.isEmpty()) {
        throw new JinjaException("empty separator");
      }
      boolean last = name.equals("rpartition");
      int found = last ? text.lastIndexOf(separator) : text.indexOf(separator);
      if (found < 0) {
        return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
      }
      return Tuple.of(
          text.substring(0, found), separator, text.substring(found + separator.length()));
    }

    private String remove() {
      String fix = bind(1, "fix").text("fix", null);
      if (name.equals("removeprefix")) {
        return text.startsWith(fix) ? text.substring(fix.length()) : text;
      }
      return text.endsWith(fix) ? text.substring(0, text.length() - fix.length()) : text;
    }

    private String join() {
      Object items = bind(1, "iterable").get("iterable");
      if (!Values.isIterable(items)) {
        throw new JinjaException("can only join an iterable");
      }
      var joined = new StringBuilder();
      List<Object> all = Values.elements(items, budget);
      for (int i = 0; i < all.size(); i++) {
        String item = Values.textOrNull(all.get(i));
        if (item == null) {
          throw new JinjaException(
              "sequence item %d: expected str instance, %s found"
                  .formatted(i, Values.typeName(all.get(i))));
        }
        budget.spend((long) item.length() + text.length());
        joined.append(i == 0 ? "" : text).append(item);
      }
      return joined.toString();
    }

    private String pad() {
      Arguments.Bound bound = bind(1, "width", "fillchar");
      String filler = bound.text("fillchar", " ");
      if (PythonText.length(filler) != 1) {
        throw new JinjaException("The fill character must be exactly one character long");
      }
      return Letters.pad(text, name, bound.number("width", 0), filler, budget);
    }

    private String zeroFill() {
      long width = bind(1, "width").number("width", 0);
      budget.spend(Math.max(0, width));
      long missing = Math.max(0, width - PythonText.length(text));
      boolean signed = text.startsWith("-") || text.startsWith("+");
      String zeros = "0".repeat((int) missing);
      return signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text;
    }

    private String expandTabs() {
      long size = Math.clamp(arguments.bind(0, "tabsize").number("tabsize", 8), 0, 1000);
      budget.spend(text.length(), size);
      var out = new StringBuilder();
      long column = 0;
      for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
        int c = text.codePointAt(i);
        if (c == '\t') {
          long spaces = size == 0 ? 0 : size - column % size;
          out.repeat(' ', (int) spaces);
          column += spaces;
        } else {
          out.appendCodePoint(c);
          column = c == '\n' || c == '\r' ? 0 : column + 1;
        }
      }
      return out.toString();
    }
  }
}
