package dev.galen.examples.clinical.deid;

/** Words around a name that tell a person from a thing. */
final class PersonCues {
  private final Tokens tokens;

  PersonCues(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Whether what stands behind the token is what a person does or has. */
  boolean person(int last) {
    String next = tokens.lower(last + 1);
    String then = tokens.lower(last + 2);
    if (Words.personVerb(next)) {
      return true;
    }
    if (tokens.apostrophe(last + 1) && tokens.joined(last, last + 1)) {
      return Context.relation(tokens.lower(last + 3));
    }
    return switch (next) {
      case "is" ->
          tokens.number(last + 3)
              || relative(last + 2)
              || then.equals("very")
              || then.equals("my")
              || then.equals("so");
      case "had" -> then.equals("given") || then.equals("told") || then.equals("been");
      case "will" -> then.equals("be") || then.equals("come") || then.equals("call");
      case "just" -> then.equals("has") || then.equals("turned") || then.equals("called");
      case "so" -> tokens.lower(last - 1).equals("is");
      case "began", "and" -> next.equals("began");
      default -> false;
    };
  }

  /** Whether the name is said to be a relative's: "is his sister". */
  boolean kin(int i) {
    return tokens.lower(i).equals("is") && relative(i + 1);
  }

  /** Whether a relative follows: his sister, the patient's neighbor. */
  private boolean relative(int i) {
    return switch (tokens.lower(i)) {
      case "his", "her", "their", "my" -> Context.person(tokens.lower(i + 1));
      case "the" -> tokens.apostrophe(i + 2) && Context.person(tokens.lower(i + 4));
      default -> false;
    };
  }

  /** Whether brackets follow that say whose relative it is: (daughter), (pt's older sister). */
  boolean related(int i) {
    if (!tokens.sign(i, '(')) {
      return false;
    }
    for (int k = i + 1; k < i + 6; k++) {
      if (tokens.sign(k + 1, ')')) {
        return Context.person(tokens.lower(k));
      }
    }
    return false;
  }

  /** "was seen" and its kin: what is done to a patient. */
  boolean suffered(int i) {
    boolean was =
        switch (tokens.lower(i)) {
          case "was", "is", "were", "has", "had" -> true;
          default -> false;
        };
    return was
        && switch (tokens.lower(i + 1)) {
          case "seen",
              "told",
              "admitted",
              "discharged",
              "brought",
              "evaluated",
              "examined",
              "referred",
              "transferred",
              "asked",
              "born",
              "advised",
              "counseled",
              "interviewed",
              "informed",
              "contacted" ->
              true;
          default -> false;
        };
  }

  /** Whether somebody was told something, or told it: per Tamsin, no fever. */
  boolean told(int i) {
    return switch (tokens.lower(i)) {
      case "per", "asked", "told", "contacted", "texted", "paged", "messaged", "informed" -> true;
      default -> false;
    };
  }

  /** Whether somebody was spoken with: "I spoke with Saoirse". */
  boolean spoken(int i) {
    boolean with = tokens.lower(i).equals("with") || tokens.lower(i).equals("to");
    return with
        && switch (tokens.lower(i - 1)) {
          case "spoke", "speak", "speaking", "spoken", "talked", "talking", "met", "meeting" ->
              true;
          default -> false;
        };
  }

  /** Whether somebody did something to a patient or a paper: seen by. */
  boolean done(int i) {
    return tokens.lower(i).equals("by")
        && switch (tokens.lower(i - 1)) {
          case "seen",
              "evaluated",
              "examined",
              "reviewed",
              "signed",
              "dictated",
              "accompanied",
              "interviewed",
              "followed",
              "referred",
              "written",
              "ordered",
              "verified",
              "witnessed",
              "interpreted",
              "transcribed",
              "authored" ->
              true;
          default -> false;
        };
  }

  /** Whether the patient is called by the name that follows: Pt Sunny Field. */
  boolean patient(int i) {
    String word = tokens.lower(i);
    return word.equals("pt") || word.equals("patient");
  }

  /** Whether a sentence or clause ends before the token. */
  boolean pause(int i) {
    return i >= tokens.count
        || tokens.sign(i, ',')
        || tokens.sign(i, '.')
        || tokens.sign(i, ';')
        || !tokens.sameLine(i);
  }

  /** Whether the token begins what somebody says. */
  boolean said(int i) {
    return switch (tokens.lower(i)) {
      case "i",
          "you",
          "what",
          "how",
          "why",
          "hi",
          "hello",
          "yes",
          "no",
          "who",
          "where",
          "well",
          "okay",
          "oh" ->
          true;
      default -> false;
    };
  }
}
