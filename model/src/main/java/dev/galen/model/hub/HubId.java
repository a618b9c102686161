package dev.galen.model.hub;

import java.util.regex.Pattern;

/**
 * The name of a model repository on the hub, with the revision that is wanted.
 *
 * @param repository {@code organisation/name}, or a bare {@code name} for the oldest repositories
 * @param revision a branch, a tag, or a commit's 40 hexadecimal digits
 */
public record HubId(String repository, String revision) {
  /** The branch that is meant when none is named. */
  public static final String DEFAULT_REVISION = "main";

  private static final String PART = "\\w(?:[\\w.-]{0,94}\\w)?";
  private static final Pattern REPOSITORY = Pattern.compile("(?:" + PART + "/)?" + PART);
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern NEVER_IN_A_REF =
      Pattern.compile("[\\x00-\\x20\\x7f~^:?*\\[\\\\]|@\\{");

  /**
   * Checks both parts against the hub's and git's rules, so that neither can leave the cache.
   *
   * @throws IllegalArgumentException if a part is not a name that the hub could have given out
   */
  public HubId {
    if (!REPOSITORY.matcher(repository).matches()
        || repository.contains("--")
        || repository.contains("..")
        || repository.endsWith(".git")) {
      throw new IllegalArgumentException(
          ("'%s' is not the name of a hub repository: expected ORGANISATION/NAME, "
                  + "such as openai-community/gpt2, of letters, digits, '-', '_' and '.'")
              .formatted(repository));
    }
    if (!isRevision(revision)) {
      throw new IllegalArgumentException(
          ("'%s' is not a revision of %s: expected a branch, a tag or a commit's "
                  + "40 hexadecimal digits")
              .formatted(revision, repository));
    }
  }

  /**
   * Reads {@code organisation/name} or {@code organisation/name@revision}.
   *
   * @throws IllegalArgumentException if the text is not such a name
   */
  public static HubId parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new HubId(text, DEFAULT_REVISION)
        : new HubId(text.substring(0, at), text.substring(at + 1));
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** The directory of this repository inside a cache, {@code models--organisation--name}. */
  String directoryName() {
    return "models--" + repository.replace("/", "--");
  }

  /** The text that {@link #parse} reads; the default revision is left out. */
  @Override
  public String toString() {
    return revision.equals(DEFAULT_REVISION) ? repository : repository + "@" + revision;
  }

  private static boolean isRevision(String text) {
    if (text.isEmpty() || text.length() > 250 || NEVER_IN_A_REF.matcher(text).find()) {
      return false;
    }
    for (var part : text.split("/", -1)) {
      if (part.isEmpty()
          || part.startsWith(".")
          || part.endsWith(".")
          || part.endsWith(".lock")
          || part.contains("..")) {
        return false;
      }
    }
    return true;
  }
}
