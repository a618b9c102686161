package dev.galen.model.engine.constraint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.model.engine.TokenConstraint;
import java.util.BitSet;
import java.util.Set;

/**
 * Texts that are JSON, any object or what a JSON Schema allows, and nothing around it: always, and
 * whole when their limit of tokens is reached.
 *
 * <p>How the limit is kept: for every place of a text it is known how many tokens suffice to close
 * all that is open there. A token is allowed if as many are left after it, so that from the first
 * token on there is a way to the end, and near the limit only what closes is allowed. A limit under
 * {@link #shortest} is refused by {@link #requireRoom}, and by the first token.
 *
 * <p>Of JSON Schema it knows {@code type} (one or several), {@code nullable}, {@code enum}, {@code
 * const}, {@code properties}, {@code required}, {@code additionalProperties}, {@code items}, {@code
 * prefixItems}, {@code minItems}, {@code maxItems}, {@code minLength} and {@code maxLength} in
 * characters, {@code pattern} without look-around and references back, {@code format} ({@code
 * date}, {@code time}, {@code date-time}, {@code duration}, {@code email}, {@code hostname}, {@code
 * ipv4}, {@code ipv6}, {@code uri}, {@code uuid}), {@code minimum}, {@code maximum} and both
 * exclusive ones, {@code allOf}, {@code anyOf}, {@code oneOf} where no value can fit two of its
 * schemas, and {@code $ref} to a place in the schema, also where it recurs. What says nothing about
 * values, such as {@code title}, is left out; any other keyword is refused by its name and place.
 *
 * <p>Of the values that a schema allows, those are made that have their properties in the schema's
 * order, and others behind them where {@code additionalProperties} allows it by name or no
 * properties are named; numbers of at most fifteen digits before and behind the point; at most one
 * space, or one new line with sixteen spaces, between two tokens of JSON. Where a schema has no
 * {@code type}, its keywords tell it. Free keys may repeat, which JSON allows and readers resolve.
 *
 * <p>Thread-safe; each text has a progress of its own. What tokens a place allows is computed once
 * and kept: about a millisecond for 50,000 tokens, more where many places are new. Many texts may
 * share one constraint.
 */
public final class JsonConstraint implements TokenConstraint {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Automaton automaton;

  private JsonConstraint(Automaton automaton) {
    this.automaton = automaton;
  }

  /**
   * Any object.
   *
   * @param tokens the vocabulary
   * @param ends the ids that end a text, allowed where it is complete
   * @throws IllegalArgumentException if the vocabulary cannot spell an object
   */
  public static JsonConstraint object(TokenBytes tokens, Set<Integer> ends) {
    var grammar = new Grammar();
    return of(grammar, new JsonParts(grammar, tokens.depth()).anyObject(), tokens, ends);
  }

  /**
   * What a schema allows.
   *
   * @param schema its JSON
   * @param tokens the vocabulary
   * @param ends the ids that end a text, allowed where it is complete
   * @throws IllegalArgumentException if it is no JSON, has what is not supported (the message names
   *     keyword and place), or allows nothing that the vocabulary can spell
   */
  public static JsonConstraint schema(String schema, TokenBytes tokens, Set<Integer> ends) {
    JsonNode root;
    try {
      root = MAPPER.readTree(schema);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the schema is no JSON: %s".formatted(e.getOriginalMessage()), e);
    }
    var grammar = new Grammar();
    return of(grammar, SchemaCompiler.compile(grammar, root, tokens.depth()), tokens, ends);
  }

  private static JsonConstraint of(
      Grammar grammar, Grammar.Rule root, TokenBytes tokens, Set<Integer> ends) {
    var endings = new BitSet();
    ends.forEach(endings::set);
    var automaton = new Automaton(grammar, root, tokens, endings);
    if (automaton.start().cost() >= ClosingCosts.NEVER) {
      throw new IllegalArgumentException(
          "the schema allows no value, or none that the tokenizer can spell");
    }
    return new JsonConstraint(automaton);
  }

  /**
   * A number of tokens that suffices for a text, the token that ends it not counted: the least that
   * a limit may be.
   */
  public int shortest() {
    return automaton.start().cost();
  }

  /**
   * Checks a limit.
   *
   * @param limit the most new tokens
   * @throws IllegalArgumentException if it is less than {@link #shortest}
   */
  public void requireRoom(int limit) {
    if (limit < shortest()) {
      throw new IllegalArgumentException(
          "the limit is %,d tokens, JSON that fits the schema takes up to %,d at its shortest"
              .formatted(limit, shortest()));
    }
  }

  @Override
  public Progress begin() {
    return new JsonProgress();
  }

  /** One text. */
  private final class JsonProgress implements Progress {
    private Automaton.State state = automaton.start();

    @Override
    public BitSet allowed(int left) {
      if (left < state.cost() && state == automaton.start()) {
        requireRoom(left);
      }
      return automaton.allowed(state, left - 1);
    }

    @Override
    public void accept(int id) {
      if (state.isComplete() && automaton.endings().get(id)) {
        return;
      }
      Automaton.State next = automaton.after(state, id);
      if (next == null) {
        throw new IllegalArgumentException("id %d is not allowed here".formatted(id));
      }
      state = next;
    }

    @Override
    public boolean isComplete() {
      return state.isOver();
    }
  }
}
