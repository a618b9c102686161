package toy;

import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;

/** What an instrument said, and whether that is high. */
record Reading(String text, boolean high, Origin origin) implements Example {
  @Override
  public String key() {
    return text;
  }
}
