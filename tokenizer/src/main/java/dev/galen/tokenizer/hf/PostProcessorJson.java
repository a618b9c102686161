package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.post.Chain;
import dev.galen.tokenizer.post.OffsetTrimming;
import dev.galen.tokenizer.post.OneSegment;
import dev.galen.tokenizer.post.Template;
import dev.galen.tokenizer.post.Template.Part;
import dev.galen.tokenizer.post.Template.Special;
import dev.galen.tokenizer.post.Template.TextPart;
import dev.galen.tokenizer.stage.PostProcessor;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** HuggingFace's post-processors, which put special tokens around texts and trim offsets. */
final class PostProcessorJson {

  private static final TextPart FIRST = new TextPart(0, 0);

  private PostProcessorJson() {}

  static PostProcessor byteLevel(StageJson json) throws IOException {
    return trimming(json);
  }

  private static PostProcessor trimming(StageJson json) throws IOException {
    boolean addsPrefixSpace = json.flag("add_prefix_space", true);
    return json.flag("trim_offsets", true)
        ? new OffsetTrimming(addsPrefixSpace)
        : PostProcessor.NONE;
  }

  static PostProcessor bert(StageJson json) throws IOException {
    var cls = special(json, "cls");
    var sep = special(json, "sep");
    var last = new Special(sep.id(), sep.token(), 1);
    return new Template(
        List.of(cls, FIRST, sep), List.of(cls, FIRST, sep, new TextPart(1, 1), last));
  }

  static PostProcessor roberta(StageJson json) throws IOException {
    var cls = special(json, "cls");
    var sep = special(json, "sep");
    var pair = List.<Part>of(cls, FIRST, sep, sep, new TextPart(1, 0), sep);
    var template = new Template(List.of(cls, FIRST, sep), pair);
    return new Chain(List.of(trimming(json), new OneSegment(template)));
  }

  /** The token {@code "cls": ["<s>", 0]}. */
  private static Special special(StageJson json, String name) throws IOException {
    var node = json.node().path(name);
    return new Special(requireToken(json, node.path(1)), node.path(0).asText(), 0);
  }

  static PostProcessor chain(List<PostProcessor> links, StageJson json) throws IOException {
    long adding =
        links.stream().filter(link -> link.before().length + link.after().length > 0).count();
    if (adding > 1) {
      throw json.refused(json.field() + " Sequence of two processors that add tokens", "one is");
    }
    return new Chain(links);
  }

  static PostProcessor template(StageJson json) throws IOException {
    var single = parts(json, "single");
    if (single.stream().filter(TextPart.class::isInstance).count() != 1
        || single.stream().anyMatch(part -> part instanceof TextPart text && text.index() > 0)) {
      throw refusedTemplate(json, "single", json.node().path("single"));
    }
    // As the library has it where nothing is said of two texts.
    var pair =
        json.node().has("pair") ? parts(json, "pair") : List.<Part>of(FIRST, new TextPart(1, 1));
    for (int text = 0; text < 2 && !pair.isEmpty(); text++) { // empty: nothing said of two
      int index = text;
      long count =
          pair.stream().filter(part -> part instanceof TextPart it && it.index() == index).count();
      if (count != 1) {
        throw json.refused(
            json.field()
                + " TemplateProcessing with pair "
                + Quote.of(json.node().path("pair").toString()),
            "special tokens around one $A and one $B are");
      }
    }
    return new Template(single, pair);
  }

  private static List<Part> parts(StageJson json, String name) throws IOException {
    var parts = new ArrayList<Part>();
    for (var node : json.node().path(name)) {
      var text = node.path("Sequence");
      var special = node.path("SpecialToken");
      if (special.isObject()) {
        addSpecial(json, special, parts);
      } else if (text.path("id").asText().matches("[AB]")) {
        int index = text.path("id").asText().equals("A") ? 0 : 1;
        parts.add(new TextPart(index, text.path("type_id").asInt()));
      } else {
        throw refusedTemplate(json, name, node);
      }
    }
    return parts;
  }

  private static IOException refusedTemplate(StageJson json, String name, JsonNode part) {
    return json.refused(
        json.field() + " TemplateProcessing with " + name + " " + Quote.of(part.toString()),
        "special tokens around one $A are");
  }

  private static void addSpecial(StageJson json, JsonNode part, List<Part> parts)
      throws IOException {
    var name = part.path("id").asText("");
    var known = json.node().path("special_tokens").path(name);
    if (!known.path("ids").isArray()) {
      throw new IOException(
          "%s: special_tokens lacks the ids of \"%s\"".formatted(json.place(), Quote.of(name)));
    }
    for (int i = 0; i < known.path("ids").size(); i++) {
      int id = requireToken(json, known.path("ids").get(i));
      var token = known.path("tokens").path(i).asText(name);
      parts.add(new Special(id, token, part.path("type_id").asInt()));
    }
  }

  private static int requireToken(StageJson json, JsonNode id) throws IOException {
    if (!id.isInt() || json.vocabulary().tokenOrNull(id.intValue()) == null) {
      throw new IOException(
          "%s: adds the id %s, which is no token".formatted(json.place(), Quote.of(id.toString())));
    }
    return id.intValue();
  }

  /** The {@code TemplateProcessing} that puts tokens around one text or two. */
  static ObjectNode write(Template template) {
    var root = Json.MAPPER.createObjectNode().put("type", "TemplateProcessing");
    var special = Json.MAPPER.createObjectNode();
    template.single().forEach(part -> write(part, root.withArray("/single"), special));
    template.pair().forEach(part -> write(part, root.withArray("/pair"), special));
    root.set("special_tokens", special);
    return root;
  }

  private static void write(Part part, ArrayNode parts, ObjectNode specialTokens) {
    switch (part) {
      case TextPart(int index, int typeId) ->
          parts
              .addObject()
              .putObject("Sequence")
              .put("id", index == 0 ? "A" : "B")
              .put("type_id", typeId);
      case Special(int id, String token, int typeId) -> {
        parts.addObject().putObject("SpecialToken").put("id", token).put("type_id", typeId);
        var entry = specialTokens.putObject(token).put("id", token);
        entry.putArray("ids").add(id);
        entry.putArray("tokens").add(token);
      }
    }
  }
}
