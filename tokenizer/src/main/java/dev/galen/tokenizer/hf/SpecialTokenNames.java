package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.stage.AddedToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The special tokens that {@code tokenizer_config.json} and {@code special_tokens_map.json} name,
 * in the order in which transformers gives ids to those that the vocabulary lacks: the seven roles,
 * a model's own such as {@code image_token}, then the others.
 */
final class SpecialTokenNames {

  /**
   * A token that a file names.
   *
   * @param token the token; its id is not known here
   * @param place file and field
   */
  record Named(AddedToken token, String place) {}

  static final List<String> ROLES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final String EXTRA = "extra_special_tokens";
  private static final String ADDITIONAL = "additional_special_tokens";
  private static final String MODEL_SPECIFIC = "model_specific_special_tokens";

  /** Where special tokens without a role are named, by the versions of the library. */
  static final List<String> LISTS = List.of(ADDITIONAL, EXTRA, MODEL_SPECIFIC);

  private final Map<String, Named> roles = new HashMap<>();

  /** A model's own tokens by their names. */
  private final Map<String, Named> own = new LinkedHashMap<>();

  private final List<Named> others = new ArrayList<>();

  /**
   * Reads both files.
   *
   * @param config {@code tokenizer_config.json}
   * @param map {@code special_tokens_map.json}, which wins on roles; empty if it does not count
   */
  void read(ObjectNode config, String configFile, ObjectNode map, String mapFile)
      throws IOException {
    readRoles(config, configFile);
    readRoles(map, mapFile);
    // Of a model's own the map's come first, and yet the config's win.
    readOwn(map, mapFile);
    if (!readOwn(config, configFile)) {
      readOwn(config.path(MODEL_SPECIFIC), configFile + ": " + MODEL_SPECIFIC);
    }
    boolean listed = config.has(EXTRA) || config.has(ADDITIONAL);
    readList(config, config.path(EXTRA).isEmpty() ? ADDITIONAL : EXTRA, configFile);
    // The newer name stands for the older one, which counts only where it is alone.
    readList(map, listed || map.has(EXTRA) ? EXTRA : ADDITIONAL, mapFile);
  }

  private void readRoles(ObjectNode root, String file) throws IOException {
    for (var role : ROLES) {
      var node = root.path(role);
      if (!node.isMissingNode() && !node.isNull()) {
        roles.put(role, special(node, file + ": " + role));
      }
    }
  }

  /** Reads fields such as image_token; a flag such as add_bos_token is none. Says if any is. */
  private boolean readOwn(JsonNode root, String place) throws IOException {
    boolean any = !root.path(EXTRA).properties().isEmpty();
    for (var entry : root.properties()) {
      var name = entry.getKey();
      boolean token = entry.getValue().isTextual() || entry.getValue().has("content");
      if (token && name.endsWith("_token") && !ROLES.contains(name)) {
        own.put(name, special(entry.getValue(), place + ": " + name));
        any = true;
      }
    }
    for (var entry : root.path(EXTRA).properties()) {
      var name = EXTRA + "." + entry.getKey();
      own.put(entry.getKey(), special(entry.getValue(), place + ": " + name));
    }
    return any;
  }

  private void readList(ObjectNode root, String list, String file) throws IOException {
    if (!root.path(list).isObject()) {
      for (var node : root.path(list)) {
        var place = file + ": " + list;
        others.add(new Named(AddedTokenJson.read(node, place), place));
      }
    }
  }

  private static Named special(JsonNode node, String place) throws IOException {
    return new Named(AddedTokenJson.read(node, place).asSpecial(), place);
  }

  /**
   * Names tokens for roles that the files leave open.
   *
   * @param defaults contents by role
   * @param place says where, for messages; has a {@code %s} for the role
   */
  void addDefaults(Map<String, String> defaults, String place) {
    defaults.forEach(
        (role, content) ->
            roles.putIfAbsent(
                role,
                new Named(
                    AddedToken.special(AddedToken.UNKNOWN_ID, content), place.formatted(role))));
  }

  /** Names T5's sentinels {@code <extra_id_0>} and on, unless a file names some. */
  void addSentinels(int count, String place) {
    if (contents().stream().noneMatch(content -> content.startsWith("<extra_id_"))) {
      for (int i = 0; i < count; i++) {
        var token = AddedToken.special(AddedToken.UNKNOWN_ID, "<extra_id_" + i + ">");
        others.add(new Named(token, place));
      }
    }
  }

  /** Each token once. */
  Collection<Named> inOrder() {
    var all = new LinkedHashMap<String, Named>();
    var named = ROLES.stream().filter(roles::containsKey).map(roles::get);
    Stream.concat(Stream.concat(named, own.values().stream()), others.stream())
        .forEach(name -> all.putIfAbsent(name.token().content(), name));
    return all.values();
  }

  Set<String> contents() {
    return inOrder().stream().map(name -> name.token().content()).collect(Collectors.toSet());
  }

  /** The contents of a model's own tokens by their names. */
  Map<String, String> ownContents() {
    var contents = new LinkedHashMap<String, String>();
    own.forEach((name, named) -> contents.put(name, named.token().content()));
    return Collections.unmodifiableMap(contents);
  }

  /** The contents of the tokens by role, {@code "eos_token"} and so on. */
  Map<String, String> contentsByRole() {
    return roles.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, entry -> entry.getValue().token().content()));
  }
}
