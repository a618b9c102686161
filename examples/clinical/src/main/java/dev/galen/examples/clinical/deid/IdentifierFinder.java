package dev.galen.examples.clinical.deid;

import java.util.List;

/**
 * Finds what tells whom a text is about. Every character of a text of any length is looked at; the
 * time is proportional to its length.
 */
public final class IdentifierFinder {
  private IdentifierFinder() {}

  /**
   * The identifiers of {@code text}, in order and without overlaps. An empty text, one of signs or
   * one in another script than Latin is looked through like any other.
   */
  public static List<Identifier> find(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    var found = new Found(text);
    CodeRules.find(text, found);
    PhoneRules.find(text, found);
    DateRules.find(text, found);
    AgeRules.find(text, found);
    var tokens = new Tokens(text);
    AddressRules.find(tokens, found);
    OrganizationRules.find(tokens, found);
    PlaceRules.find(tokens, found);
    new NameRules(tokens, found).find();
    return found.resolved();
  }
}
