package dev.galen.tokenizer.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The filters of a template by their names; those on sequences are {@link SequenceFilters}. */
final class Filters {
  private static final Set<String> NAMES =
      Set.of(
          "abs",
          "attr",
          "batch",
          "capitalize",
          "center",
          "count",
          "d",
          "default",
          "dictsort",
          "e",
          "escape",
          "filesizeformat",
          "first",
          "float",
          "forceescape",
          "format",
          "groupby",
          "indent",
          "int",
          "items",
          "join",
          "last",
          "length",
          "list",
          "lower",
          "map",
          "max",
          "min",
          "reject",
          "rejectattr",
          "replace",
          "reverse",
          "round",
          "safe",
          "select",
          "selectattr",
          "slice",
          "sort",
          "string",
          "striptags",
          "sum",
          "title",
          "tojson",
          "trim",
          "truncate",
          "unique",
          "upper",
          "wordcount",
          "wordwrap");

  private static final Set<String> UNSUPPORTED =
      Set.of("pprint", "random", "urlencode", "urlize", "xmlattr");

  private Filters() {}

  static boolean has(String name) {
    return NAMES.contains(name) || UNSUPPORTED.contains(name);
  }

  /** Applies a filter to the first of the arguments. */
  static Object apply(String name, Arguments arguments, Budget budget) {
    if (UNSUPPORTED.contains(name)) {
      throw new JinjaException("the filter '" + name + "' is not supported in chat templates");
    }
    Object value = arguments.positional().getFirst();
    return switch (name) {
      case "tojson" -> JsonText.of(arguments, budget);
      case "trim" -> trim(arguments, budget);
      case "default", "d" -> {
        Arguments.Bound bound = arguments.bind(1, "value", "default_value", "boolean");
        boolean missing =
            value instanceof Undefined || (bound.flag("boolean") && !Values.isTrue(value));
        yield missing ? bound.get("default_value", "") : value;
      }
      case "length", "count" -> {
        arguments.bind(1, "obj");
        yield Values.length(value, budget);
      }
      case "string" -> {
        arguments.bind(1, "s");
        yield value instanceof Markup ? value : Values.str(value, budget);
      }
      case "upper", "lower", "capitalize" -> {
        arguments.bind(1, "s");
        yield keepMark(value, Letters.change(name, paid(value, budget)));
      }
      case "title" -> {
        arguments.bind(1, "s");
        yield keepMark(value, title(paid(value, budget)));
      }
      case "replace" -> replace(arguments, budget);
      case "int" -> Numbers.toInt(arguments);
      case "float" -> Numbers.toFloat(arguments);
      case "round" -> Numbers.round(arguments);
      case "abs" -> abs(arguments);
      case "center" -> {
        Arguments.Bound bound = arguments.bind(1, "value", "width");
        yield Letters.pad(paid(value, budget), name, bound.number("width", 80), " ", budget);
      }
      case "indent" -> TextFilters.indent(arguments, budget);
      case "truncate" -> TextFilters.truncate(arguments, budget);
      case "wordcount" -> {
        arguments.bind(1, "s");
        yield TextFilters.countWords(paid(value, budget));
      }
      case "wordwrap" -> WordWrap.apply(arguments, budget);
      case "striptags" -> {
        arguments.bind(1, "value");
        yield HtmlText.withoutTags(paid(value, budget), budget);
      }
      case "filesizeformat" -> Numbers.fileSize(arguments);
      case "format" -> format(arguments, budget);
      case "safe" -> new Markup(Values.str(value, budget));
      case "escape", "e" -> Markup.escaped(value, budget);
      case "forceescape" -> Markup.escaped(Values.str(value, budget), budget);
      case "attr" -> {
        Object attribute =
            Attributes.find(value, arguments.bind(2, "obj", "name").text("name", null), budget);
        yield attribute == Attributes.NONE
            ? Undefined.member(value, arguments.positional().get(1))
            : attribute;
      }
      default -> {
        if (!NAMES.contains(name)) {
          throw new JinjaException("No filter named " + PythonText.repr(name) + ".");
        }
        yield SequenceFilters.apply(name, arguments, budget);
      }
    };
  }

  private static String paid(Object value, Budget budget) {
    String text = Values.str(value, budget);
    budget.spend(text.length());
    return text;
  }

  private static Object keepMark(Object value, String text) {
    return value instanceof Markup ? new Markup(text) : text;
  }

  private static Object trim(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "value", "chars");
    String text = paid(bound.get("value"), budget);
    String characters = bound.text("chars", null);
    return keepMark(
        bound.get("value"),
        characters == null
            ? PythonText.stripStart(PythonText.stripEnd(text))
            : PythonText.stripStart(PythonText.stripEnd(text, characters), characters));
  }

  private static Object replace(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(3, "s", "old", "new", "count");
    long count = bound.get("count") == null ? -1 : bound.number("count", -1);
    return Splitting.replace(
        paid(bound.get("s"), budget),
        Values.str(bound.get("old"), budget),
        Values.str(bound.get("new"), budget),
        count,
        budget);
  }

  private static Object abs(Arguments arguments) {
    Object value = arguments.bind(1, "x").get("x");
    if (value instanceof Undefined || !Arithmetic.isNumber(value)) {
      throw new JinjaException("bad operand type for abs(): '" + Values.typeName(value) + "'");
    }
    return value instanceof Double real
        ? (Object) Math.abs(real)
        : Arithmetic.integer(Arithmetic.bigOrNull(value).abs());
  }

  private static Object format(Arguments arguments, Budget budget) {
    String text = Values.str(arguments.positional().getFirst(), budget);
    List<Object> rest = arguments.from(1, arguments.what()).positional();
    if (arguments.named().isEmpty()) {
      return PercentFormat.format(text, new Tuple(rest), budget);
    }
    if (!rest.isEmpty()) {
      throw new JinjaException("can't handle positional and keyword arguments at the same time");
    }
    var named = new Dict();
    arguments.named().forEach(named::put);
    return PercentFormat.format(text, named, budget);
  }

  /** Words begin behind white space and {@code - ( { [ <}. */
  private static String title(String text) {
    var out = new StringBuilder(text.length());
    boolean begins = true;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      String one = Character.toString(c);
      out.append(begins ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
      begins = PythonText.isSpace(c) || "-({[<".indexOf(c) >= 0;
    }
    return out.toString();
  }
}
