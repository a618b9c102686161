package dev.galen.train.run;

/**
 * How the reader of a message knows a setting: by the option of a command, or by its plain name.
 *
 * @param prefix stands in front of each name, such as {@code --}
 */
record SettingNames(String prefix) {
  /** The setting's name. */
  String of(String setting) {
    return prefix + setting;
  }
}
