package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.Tokenizer;
import java.lang.reflect.Proxy;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both configs get the ids of the tokenizer, and keep the ends that they had. */
class SpecialTokenAlignmentTest {
  /** Its three ids, of which -1 is none. */
  static Tokenizer tokenizer(int end, int beginning, int padding) {
    return (Tokenizer)
        Proxy.newProxyInstance(
            Tokenizer.class.getClassLoader(),
            new Class<?>[] {Tokenizer.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "endOfTextId" -> id(end);
                  case "beginningOfTextId" -> id(beginning);
                  case "paddingId" -> id(padding);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static OptionalInt id(int id) {
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // end, beginning, padding | config before | generation before | config | generation
        "-1, -1, -1 | {'eos_token_id':1} | {} | {'eos_token_id':1} | {}",
        "5, -1, -1 | {} | {} | {'eos_token_id':5} | {'eos_token_id':[5]}",
        "5, -1, -1 | {'eos_token_id':7} | {'eos_token_id':[8,9]}"
            + " | {'eos_token_id':5} | {'eos_token_id':[5,8,9]}",
        "5, -1, -1 | {'eos_token_id':[7,5]} | {'eos_token_id':7}"
            + " | {'eos_token_id':[5,7]} | {'eos_token_id':[5,7]}",
        "5, -1, -1 | {'eos_token_id':-1} | {'eos_token_id':-1}"
            + " | {'eos_token_id':5} | {'eos_token_id':[5]}",
        // Both say it: the order stays.
        "5, -1, -1 | {'eos_token_id':[7,5]} | {'eos_token_id':[7,5]}"
            + " | {'eos_token_id':[7,5]} | {'eos_token_id':[7,5]}",
        "5, -1, -1 | {'eos_token_id':[7,5]} | {}"
            + " | {'eos_token_id':[5,7]} | {'eos_token_id':[5]}",
        "-1, 3, 0 | {'bos_token_id':1} | {'pad_token_id':2}"
            + " | {'bos_token_id':3,'pad_token_id':0} | {'pad_token_id':0,'bos_token_id':3}",
        "-1, 3, -1 | {'bos_token_id':3} | {'bos_token_id':4}"
            + " | {'bos_token_id':3} | {'bos_token_id':3}",
        "-1, -1, 0 | {'pad_token_id':null} | {} | {'pad_token_id':0} | {'pad_token_id':0}",
      },
      quoteCharacter = '"')
  void idsAreTheTokenizers(
      String ids, String config, String generation, String wanted, String wantedGeneration) {
    int[] id = java.util.Arrays.stream(ids.split(", ")).mapToInt(Integer::parseInt).toArray();
    ObjectNode first = parse(config);
    ObjectNode second = parse(generation);
    new SpecialTokenAlignment(first, second).with(tokenizer(id[0], id[1], id[2]));
    assertEquals(parse(wanted), first);
    assertEquals(parse(wantedGeneration), second);
  }

  private static ObjectNode parse(String text) {
    return LenientJson.parseObject(text.replace('\'', '"'));
  }
}
