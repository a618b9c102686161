package dev.galen.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Settings that a user names to change them, and what becomes of those that differ. */
class SettingTest {
  private static RunSettings settings(String... pairs) {
    var values = new LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return new RunSettings(values);
  }

  @Test
  void eachIsFoundByItsWord() {
    for (Setting setting : Setting.values()) {
      assertSame(setting, Setting.named(setting.word()));
    }
    assertSame(Setting.DURATION, Setting.named("steps"));
    String unknown =
        assertThrows(IllegalArgumentException.class, () -> Setting.named("colour")).getMessage();
    for (Setting setting : Setting.values()) {
      assertTrue(unknown.contains(setting.word()), unknown);
    }
  }

  @Test
  void aCheckpointWithoutSettingsIsSaidToBeOld() throws SettingsChangedException {
    assertEquals(
        List.of(
            "checkpoint-1: is from before checkpoints kept their settings, so data and settings"
                + " cannot be compared"),
        settings().requireSame(settings("seed", "1"), Set.of(), 1, "checkpoint-1"));
  }

  @Test
  void whatDiffersIsRefusedByNameUnlessItIsToChange() throws SettingsChangedException {
    RunSettings then = settings("seed", "1", "clip", "1.0");
    RunSettings now = settings("seed", "2", "clip", "0.5");
    var refused =
        assertThrows(
            SettingsChangedException.class,
            () -> then.requireSame(now, Set.of(Setting.named("seed")), 1, "checkpoint-1"));
    assertEquals(List.of(Setting.named("clip")), List.copyOf(refused.settings()));
    assertEquals(
        List.of(), then.requireSame(settings("seed", "1", "clip", "1.0"), Set.of(), 1, "c"));
    List<String> told =
        then.requireSame(
            now, Set.of(Setting.named("seed"), Setting.named("clip")), 1, "checkpoint-1");
    assertEquals(2, told.size(), told.toString());
    assertTrue(told.getFirst().startsWith("checkpoint-1: "), told.toString());
  }
}
