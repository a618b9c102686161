package dev.galen.train.checkpoint;

import java.io.IOException;
import java.util.List;

/** A run was to go on with other settings than its checkpoint was made with. */
public final class SettingsChangedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient List<Setting> settings;

  SettingsChangedException(String message, List<Setting> settings) {
    super(message);
    this.settings = settings;
  }

  /** Those of the differing settings that could be named to be changed. */
  public List<Setting> settings() {
    return settings;
  }
}
