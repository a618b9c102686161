package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.pattern.Finder;
import dev.galen.tokenizer.split.Behavior;
import dev.galen.tokenizer.split.BertSplit;
import dev.galen.tokenizer.split.ByteLevelSpelling;
import dev.galen.tokenizer.split.ByteLevelSplit;
import dev.galen.tokenizer.split.CharacterSplit;
import dev.galen.tokenizer.split.FixedLength;
import dev.galen.tokenizer.split.Metaspace;
import dev.galen.tokenizer.split.NumberedWords;
import dev.galen.tokenizer.split.PatternSplit;
import dev.galen.tokenizer.split.PreTokenizerChain;
import dev.galen.tokenizer.split.ScriptSplit;
import dev.galen.tokenizer.split.WordSplit;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** HuggingFace's pre-tokenizers. */
final class PreTokenizerJson {

  /** Leaves a text in one piece. */
  static final PreTokenizer WHOLE = (text, start, end, words) -> words.add(text, start, end);

  private static final int METASPACE = 0x2581;

  private static final List<String> TYPES =
      List.of(
          "ByteLevel",
          "Whitespace",
          "WhitespaceSplit",
          "BertPreTokenizer",
          "Metaspace",
          "Punctuation",
          "Digits",
          "Split",
          "CharDelimiterSplit",
          "UnicodeScripts",
          "FixedLength");

  private PreTokenizerJson() {}

  static StageReaders<PreTokenizer> readers() {
    return new StageReaders<>(TYPES, PreTokenizerJson::read)
        .none(WHOLE)
        .sequences(PreTokenizerJson::chain);
  }

  private static PreTokenizer read(String type, StageJson json) throws IOException {
    return switch (type) {
      case "ByteLevel" -> byteLevel(json);
      case "Whitespace" -> new WordSplit();
      case "WhitespaceSplit" -> CharacterSplit.WHITESPACE;
      case "BertPreTokenizer" -> new BertSplit();
      case "Metaspace" -> metaspace(json);
      case "Punctuation" -> CharacterSplit.punctuation(behavior(json, "Isolated"));
      case "Digits" -> CharacterSplit.digits(json.flag("individual_digits", false));
      case "Split" -> split(json);
      case "CharDelimiterSplit" -> CharacterSplit.delimiter(json.character("delimiter", -1));
      case "UnicodeScripts" -> new ScriptSplit();
      default -> fixedLength(json);
    };
  }

  private static PreTokenizer chain(List<PreTokenizer> links, StageJson json) {
    return links.isEmpty() ? WHOLE : new PreTokenizerChain(links);
  }

  private static PreTokenizer byteLevel(StageJson json) throws IOException {
    boolean says = json.flag("add_prefix_space", true);
    var cut =
        new ByteLevelSplit(
            json.isGpt2() ? json.config().flag("add_prefix_space") : says,
            json.flag("use_regex", true));
    return json.readsBytes() ? cut : new ByteLevelSpelling(cut);
  }

  private static PreTokenizer metaspace(StageJson json) throws IOException {
    return new Metaspace(
        json.character("replacement", METASPACE), prepend(json), json.flag("split", true));
  }

  /** Where a space is put in front: older files say so by a flag. */
  static Metaspace.Prepend prepend(StageJson json) throws IOException {
    var scheme = json.node().path("prepend_scheme").asText("always");
    if (!json.flag("add_prefix_space", true)) {
      if (json.node().has("prepend_scheme") && !scheme.equals("never")) {
        throw json.refused(
            json.field() + " Metaspace with add_prefix_space false and prepend_scheme " + scheme,
            "one of them is");
      }
      return Metaspace.Prepend.NEVER;
    }
    return switch (scheme) {
      case "first" -> Metaspace.Prepend.FIRST;
      case "never" -> Metaspace.Prepend.NEVER;
      case "always" -> Metaspace.Prepend.ALWAYS;
      default ->
          throw json.refused(
              json.field() + " Metaspace with prepend_scheme " + Quote.of(scheme),
              "first, never and always are");
    };
  }

  private static PreTokenizer split(StageJson json) throws IOException {
    var behavior = behavior(json, null);
    boolean inverted = json.flag("invert", false);
    var regex = json.node().path("pattern").path("Regex");
    if (regex.isTextual() && behavior == Behavior.ISOLATED) {
      // What every place of a text matches is the same when it is inverted.
      var words = NumberedWords.ofRegex(regex.textValue());
      if (words != null) {
        return words;
      }
    }
    Finder pattern = json.pattern();
    return new PatternSplit(pattern, behavior, inverted);
  }

  private static Behavior behavior(StageJson json, String fallback) throws IOException {
    var node = json.node().path("behavior");
    var name = node.isTextual() ? node.textValue() : fallback;
    if (name != null) {
      var constant = name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
      for (var behavior : Behavior.values()) {
        if (behavior.name().equals(constant)) {
          return behavior;
        }
      }
    }
    throw json.refused(
        json.field() + " " + json.type() + " with behavior " + Quote.of(node.toString()),
        "Removed, Isolated, MergedWithPrevious, MergedWithNext and Contiguous are");
  }

  private static PreTokenizer fixedLength(StageJson json) throws IOException {
    int length = json.number("length", 5);
    if (length < 1) {
      throw new IOException(json.place() + ": FixedLength with length " + length);
    }
    return new FixedLength(length);
  }
}
