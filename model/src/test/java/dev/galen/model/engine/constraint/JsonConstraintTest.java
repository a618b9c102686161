package dev.galen.model.engine.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a model says, the text is JSON that fits, also where the limit ends it. */
class JsonConstraintTest {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final Tokenizer BYTES = Vocabularies.byteLevel();
  private static final Tokenizer PIECES = Vocabularies.pieces();
  private static final TokenBytes BYTE_TOKENS = TokenBytes.of(BYTES);
  private static final TokenBytes PIECE_TOKENS = TokenBytes.of(PIECES);
  private static final int END = BYTES.endOfTextId().orElseThrow();

  private static JsonConstraint constraint(String schema) {
    return JsonConstraint.schema(schema.replace('\'', '"'), BYTE_TOKENS, Set.of(END));
  }

  /** A text of random tokens among those that are allowed. */
  private static String random(
      JsonConstraint constraint, Tokenizer tokenizer, int limit, long seed) {
    var random = new Random(seed);
    var progress = constraint.begin();
    List<Integer> ids = new ArrayList<>();
    int left = limit;
    // Half of the texts prefer long tokens, as a model does.
    boolean likesLong = random.nextBoolean();
    while (left > 0 && !progress.isComplete()) {
      BitSet allowed = progress.allowed(left);
      if (allowed.isEmpty()) {
        break; // the text is whole, there is no token to say so
      }
      int[] choice = allowed.stream().toArray();
      int id = choice[random.nextInt(choice.length)];
      for (int i = 0; likesLong && i < 3; i++) {
        int other = choice[random.nextInt(choice.length)];
        id = tokenizer.decode(other).length() > tokenizer.decode(id).length() ? other : id;
      }
      if (tokenizer.endOfTextId().orElse(-1) == id) {
        break;
      }
      ids.add(id);
      progress.accept(id);
      left--;
    }
    return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Whether a text, in the tokens that the tokenizer makes of it, is allowed as a whole. */
  private static boolean allows(JsonConstraint constraint, String text) {
    var progress = constraint.begin();
    int left = 1000;
    for (int id : BYTES.encode(text, SpecialTokens.TEXT)) {
      if (!progress.allowed(left--).get(id)) {
        return false;
      }
      progress.accept(id);
    }
    return progress.isComplete() || progress.allowed(left).get(END);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'object','properties':{'name':{'type':'string','maxLength':12},'age':{'type':'integer','minimum':0,'maximum':130}},'required':['name','age'],'additionalProperties':false}",
        "{'type':'object','properties':{'diagnosis':{'enum':['pneumonia','asthma','naïve \\\\ é']},'confidence':{'type':'number','minimum':0,'maximum':1},'sites':{'type':'array','items':{'type':'string'},'minItems':1,'maxItems':3}},'required':['sites']}",
        "{'type':'array','prefixItems':[{'type':'integer'},{'type':['string','null']}],'items':{'type':'boolean'},'minItems':1}",
        "{'type':'array','prefixItems':[{'const':1},{'const':{'a':[1,2.5,null]}}],'items':false,'minItems':2}",
        "{'anyOf':[{'type':'string','minLength':2},{'type':'number','exclusiveMinimum':-3.25,'exclusiveMaximum':17.125}]}",
        "{'oneOf':[{'type':'object','properties':{'kind':{'const':'a'},'x':{'type':'integer'}},'required':['kind']},{'type':'object','properties':{'kind':{'const':'b'},'y':{'type':'string'}},'required':['kind','y']}]}",
        "{'allOf':[{'properties':{'a':{'type':['integer','string']}}},{'properties':{'a':{'type':'integer'},'b':{'type':'null'}},'required':['a']}],'type':'object'}",
        "{'$defs':{'node':{'type':'object','properties':{'value':{'type':'integer'},'children':{'type':'array','items':{'$ref':'#/$defs/node'}}},'required':['value','children']}},'$ref':'#/$defs/node'}",
        "{'type':'object','properties':{'next':{'anyOf':[{'$ref':'#'},{'type':'null'}]}},'required':['next'],'additionalProperties':false}",
        "{'type':'string','pattern':'^[a-c]{2,4}-(x|yy)*$'}",
        "{'type':'string','pattern':'b.d','maxLength':6}",
        "{'type':'string','pattern':'[ _]$','minLength':3,'maxLength':9}",
        "{'type':'string','minLength':3,'maxLength':5}",
        "{'type':'object','properties':{'ab':{'type':'integer'}},'additionalProperties':{'type':'string'},'required':['ab','extra']}",
        "{'type':'object','additionalProperties':{'type':'integer'}}",
        "{'type':'integer','minimum':-12,'maximum':105}",
        "{'type':'integer','exclusiveMinimum':7}",
        "{'type':'number','maximum':-0.5}",
        "{'type':'number','minimum':2.75,'maximum':2.7625}",
        "{'type':'array','items':{'type':'integer'},'maxItems':0}",
        "{'enum':[1,'two',null,{'three':3}]}",
        "{'type':'string','nullable':true,'maxLength':2}",
        "{}",
        "true"
      })
  void randomTokensMakeWhatFitsAtEveryLimit(String schema) throws Exception {
    String json = schema.replace('\'', '"');
    var check = new SchemaCheck(MAPPER.readTree(json));
    var byBytes = JsonConstraint.schema(json, BYTE_TOKENS, Set.of(END));
    var byPieces = JsonConstraint.schema(json, PIECE_TOKENS, Set.of());
    for (int extra = 0; extra < 40; extra++) {
      for (int seed = 0; seed < 4; seed++) {
        assertFits(check, random(byBytes, BYTES, byBytes.shortest() + extra, seed));
        assertFits(check, random(byPieces, PIECES, byPieces.shortest() + extra, seed));
      }
    }
  }

  private static void assertFits(SchemaCheck check, String text) {
    JsonNode value;
    try {
      value = MAPPER.readTree(text);
    } catch (Exception e) {
      throw new AssertionError("no JSON: " + text, e);
    }
    assertTrue(check.accepts(value), text);
  }

  @Test
  void objectModeMakesObjects() throws Exception {
    var constraint = JsonConstraint.object(BYTE_TOKENS, Set.of(END));
    for (int limit = constraint.shortest(); limit < 300; limit += limit < 20 ? 1 : 40) {
      for (int seed = 0; seed < 5; seed++) {
        String text = random(constraint, BYTES, limit, seed);
        assertTrue(MAPPER.readTree(text).isObject(), text);
      }
    }
    assertTrue(allows(constraint, "{}"));
    assertTrue(
        allows(constraint, "{\"a\": [1, -2.5e+3, \"\\u00e9\\ud83d\\ude00é\", {}], \"b\":null}"));
    assertTrue(allows(constraint, "{\n  \"a\": {\n    \"b\": [\n      true\n    ]\n  }\n}"));
    for (String bad :
        List.of(
            "[]",
            "{",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":01}",
            "{\"a\":1,}",
            "{\"a\":tru}",
            "{\"a\":\"\t\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud83d\"}",
            "{\"a\":1.}",
            "{}}",
            " {}",
            "{  }",
            "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":NaN}",
            "{} ")) {
      assertFalse(allows(constraint, bad), bad);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'type':'integer','minimum':-12,'maximum':105};0 -1 -12 9 99 105;-13 106 -0 1.0 007 -",
        "{'type':'number','minimum':2.75,'maximum':2.7625};2.75 2.7500 2.76 2.7625;2.7 2.749 2.763 2 3",
        "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':1};0.5 0.001 0.9999;0 1 0.0 1.0 -0",
        "{'type':'string','pattern':'^a|b$'};'a' 'axx' 'xxb';'xa' 'bx' ''",
        "{'type':'string','pattern':'[^a-y]{2}'};'zz' 'azZb' '\\\\\\\\';'z' 'azbz' 'zaz'",
        "{'type':'string','format':'date'};'2024-02-28' '1999-12-31';'2024-13-01' '2023-04-31' '24-1-1'",
        "{'type':'string','format':'date-time'};'2024-02-28T23:59:59Z' '2024-02-28T00:00:00.5+01:00';'2024-02-28' '2024-02-28T24:00:00Z'",
        "{'type':'string','format':'uuid'};'123e4567-e89b-12d3-a456-426614174000';'123e4567' 'g23e4567-e89b-12d3-a456-426614174000'",
        "{'type':'string','format':'email'};'a.b@example.org';'a@b' '@example.org' 'a@.org'",
        "{'type':'string','format':'ipv4'};'0.0.0.0' '255.10.99.1';'256.0.0.1' '1.2.3' '01.2.3.4'",
        "{'type':'string','minLength':1,'maxLength':2};'é' '日本' '\\u00e9\\n';'' 'abc'",
        "{'enum':['a',1,2.50,null],'type':['string','number']};'a' 1 2.5;null 2 'b'",
        "{'enum':['aa','b','cc'],'pattern':'^.{2}$'};'aa' 'cc';'b'",
        "{'const':{'a':[true]}};{'a':[true]};{'a':[false]} {}",
        "{'type':'array','items':{'type':'integer'},'minItems':1,'maxItems':2};[1] [1,2];[] [1,2,3] ['a']",
        "{'type':'object','properties':{'a':{},'b':{}},'required':['b']};{'b':1} {'a':[],'b':{}};{} {'a':1} {'b':1,'a':1} {'b':1,'c':2}",
        "{'type':'object','properties':{'ab':{'type':'null'}},'additionalProperties':true};{} {'ab':null} {'abc':1} {'a':1} {'ab':null,'b':2};{'ab':1} {'\\u0061b':1} {'a':1,'ab':1}",
        "{'allOf':[{'minimum':3},{'exclusiveMinimum':3,'maximum':9}],'type':'integer'};4 9;3 10",
        "{'allOf':[{'properties':{'a':{}},'additionalProperties':false},{'properties':{'b':{}}}]};{} {'a':1};{'b':1}",
        "{'prefixItems':[{'type':'null'}]};[] [null] [null,1];[1] null",
        "{'properties':{'a':{'type':'null'}}};{} {'a':null};[] {'a':1}"
      })
  void onlyWhatASchemaAllowsIsAllowed(String schema, String good, String bad) {
    var constraint = constraint(schema);
    for (String text : good.replace('\'', '"').split(" ")) {
      assertTrue(allows(constraint, text), text);
    }
    for (String text : bad.replace('\'', '"').split(" ")) {
      assertFalse(allows(constraint, text), text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'not':{}}|schema at #: keyword \"not\" is not supported",
        "{'properties':{'a':{'multipleOf':3}}}|schema at #/properties/a: keyword \"multipleOf\" is not supported",
        "{'uniqueItems':true}|schema at #: keyword \"uniqueItems\" is not supported",
        "{'items':{'type':'text'}}|schema at #/items: type is \"text\", must be object, array, string, number, integer, boolean or null",
        "{'$ref':'#/$defs/x'}|schema at #: $ref is \"#/$defs/x\", which the schema does not have",
        "{'$ref':'http://x/y'}|schema at #: $ref is \"http://x/y\", must lie in the schema, as #/$defs/name",
        "{'$ref':'#'}|schema at #: $ref leads back to itself without a value between",
        "{'format':'isbn'}|schema at #: format \"isbn\" is not supported; known are date, date-time, duration, email, hostname, ipv4, ipv6, time, uri, uuid",
        "{'pattern':'(?=a)'}|schema at #: pattern \"(?=a)\" has (?=, which is not supported",
        "{'pattern':'(a'}|schema at #: pattern \"(a\" has a ( without its ), which is not supported",
        "{'pattern':'a\\\\b'}|schema at #: pattern \"a\\b\" has \\b, which is not supported",
        "{'maxLength':-1}|schema at #: maxLength is -1, must be 0 to 65,536",
        "{'minItems':1.5}|schema at #: minItems is 1.5, must be a whole number",
        "{'minimum':true}|schema at #: minimum is true, must be a number",
        "{'oneOf':[{'type':'integer'},{'type':'number'}]}|schema at #: oneOf: a value may fit both number 0 and 1, which is not supported; use anyOf, or a required property that tells them apart",
        "{'anyOf':[]}|schema at #: anyOf is [], must be a list of schemas",
        "[]|schema at #: a schema is an object or true or false, not []",
        "{'type':'integer','minimum':2,'maximum':1}|the schema allows no value, or none that the tokenizer can spell",
        "{'type':'object','required':['a'],'additionalProperties':false}|the schema allows no value, or none that the tokenizer can spell",
        "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']}|the schema allows no value, or none that the tokenizer can spell",
        "false|the schema allows no value, or none that the tokenizer can spell"
      })
  void whatIsNotSupportedIsRefusedByName(String schema, String message) {
    var e = assertThrows(IllegalArgumentException.class, () -> constraint(schema));
    assertEquals(message, e.getMessage());
  }

  @Test
  void aLimitThatIsTooShortIsRefused() {
    var constraint =
        constraint("{'type':'object','properties':{'n':{'type':'null'}},'required':['n']}");
    int shortest = constraint.shortest();
    constraint.requireRoom(shortest);
    var e =
        assertThrows(IllegalArgumentException.class, () -> constraint.requireRoom(shortest - 1));
    assertEquals(
        "the limit is %d tokens, JSON that fits the schema takes up to %d at its shortest"
            .formatted(shortest - 1, shortest),
        e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> constraint.begin().allowed(shortest - 1));
  }

  @Test
  void theEndIsAllowedWhereTheTextIsWholeAndSpecialTokensNowhereElse() {
    var constraint = constraint("{'type':['integer','string']}");
    var progress = constraint.begin();
    assertFalse(progress.allowed(9).get(END));
    progress.accept(BYTES.encode("7")[0]);
    assertTrue(progress.allowed(8).get(END));
    assertFalse(progress.isComplete());
    var string = constraint.begin();
    string.accept(BYTES.encode("\"")[0]);
    assertFalse(string.allowed(9).get(END));
    assertThrows(IllegalArgumentException.class, () -> string.accept(END));
  }

  @Test
  void anotherTextStartsAnew() {
    var constraint = constraint("{'const':12}");
    var first = constraint.begin();
    first.accept(BYTES.encode("1")[0]);
    first.accept(BYTES.encode("2")[0]);
    assertTrue(first.isComplete());
    assertFalse(constraint.begin().isComplete());
  }

  @Test
  void aByteOfACharacterIsFollowedByItsRest() {
    var constraint = constraint("{'type':'string','maxLength':1}");
    var progress = constraint.begin();
    progress.accept(BYTES.encode("\"")[0]);
    int lead = -1;
    for (int id = 0; id < BYTES.vocabularySize(); id++) {
      byte[] bytes = BYTES.decodeBytes(id);
      lead = bytes.length == 1 && (bytes[0] & 0xff) == 0xe6 ? id : lead;
    }
    assertFalse(progress.allowed(2).get(lead), "a byte and a quote are no string");
    assertTrue(progress.allowed(4).get(lead));
    progress.accept(lead);
    progress.allowed(3).stream()
        .forEach(id -> assertEquals(0x80, BYTES.decodeBytes(id)[0] & 0xc0, BYTES.token(id)));
  }
}
