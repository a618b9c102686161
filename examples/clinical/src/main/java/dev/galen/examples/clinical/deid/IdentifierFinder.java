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
    var tokens = new Tokens(text);
    CodeRules.find(tokens, found);
    LabelRules.find(tokens, found);
    PhoneRules.find(tokens, found);
    DateRules.find(tokens, found);
    AgeRules.find(tokens, found);
    PostalRules.find(tokens, found);
    AddressRules.find(tokens, found);
    BlockRules.find(tokens, found);
    OrganizationRules.find(tokens, found);
    PlaceRules.find(tokens, found);
    new NameRules(tokens, found).find();
    ClinicalTerms.keep(tokens, found);
    return found.resolved();
  }
}
