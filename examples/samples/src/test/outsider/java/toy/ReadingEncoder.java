package toy;

import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.ClassCollator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.Example;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.SequenceEncoding;
import dev.galen.train.data.TokenSequence;

/** A reading's tokens, labelled by its level. */
record ReadingEncoder(Tokenizer tokenizer, int vocabularySize, int maxLength)
    implements ExampleEncoder {
  @Override
  public void encode(Example example, SequenceEncoding into) {
    var reading = (Reading) example;
    int[] ids = tokenizer.encode(reading.text());
    into.add(TokenSequence.classified(ids, reading.high() ? 1 : 0, 0));
  }

  @Override
  public Collator collator() {
    return new ClassCollator(0);
  }
}
