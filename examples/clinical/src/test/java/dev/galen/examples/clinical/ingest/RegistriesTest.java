package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.examples.clinical.document.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PubMed and ClinicalTrials.gov. */
class RegistriesTest {
  private static final String ARTICLES =
      """
      <?xml version="1.0" ?>
      <!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" "https://dtd.nlm.nih.gov/x.dtd">
      <PubmedArticleSet>
      <PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">11</PMID>
       <Article PubModel="Print"><Journal><JournalIssue><PubDate><Year>2019</Year><Month>Mar</Month>
        <Day>7</Day></PubDate></JournalIssue><Title>A Journal</Title></Journal>
        <ArticleTitle>On <i>gout</i>.</ArticleTitle>
        <ELocationID EIdType="doi" ValidYN="Y">10.1/x</ELocationID>
        <Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">We looked at H<sub>2</sub>O
          &amp; salt.</AbstractText><AbstractText Label="RESULTS">P &lt; 0.05.</AbstractText></Abstract>
        <Language>eng</Language></Article>
       <MeshHeadingList><MeshHeading><DescriptorName UI="D1">Gout</DescriptorName></MeshHeading>
        <MeshHeading><DescriptorName UI="D2">Humans</DescriptorName></MeshHeading></MeshHeadingList>
       <CommentsCorrectionsList><CommentsCorrections><PMID>99</PMID></CommentsCorrections></CommentsCorrectionsList>
      </MedlineCitation><PubmedData/></PubmedArticle>
      <PubmedArticle><MedlineCitation><PMID>12</PMID><Article><ArticleTitle>No abstract</ArticleTitle>
       <Journal/></Article></MedlineCitation></PubmedArticle>
      <PubmedBookArticle><BookDocument><PMID>13</PMID><ArticleTitle>A chapter</ArticleTitle>
       <Abstract><AbstractText>Whole.</AbstractText></Abstract></BookDocument></PubmedBookArticle>
      <DeleteCitation><PMID>14</PMID></DeleteCitation>
      </PubmedArticleSet>
      """;

  @TempDir private Path folder;

  private Collected read(String name, String content) throws IOException {
    return Collected.of(Files.writeString(folder.resolve(name), content));
  }

  @Test
  void abstractsKeepTheirLabels() throws IOException {
    Collected all = read("p.xml", ARTICLES);
    assertEquals(List.of(), all.rejects);
    assertEquals(List.of("11", "13"), all.ids());
    Document article = all.documents.getFirst();
    assertEquals("AIM: We looked at H2O & salt.\nRESULTS: P < 0.05.", article.text());
    assertEquals(
        Map.of("label", "AIM", "nlm_category", "OBJECTIVE"),
        article.annotations().getFirst().attributes());
    assertEquals("RESULTS: P < 0.05.", article.annotations().getLast().in(article.text()));
    assertEquals(
        Map.of(
            "title",
            "On gout.",
            "journal",
            "A Journal",
            "date",
            "2019-03-07",
            "language",
            "eng",
            "meshes",
            "Gout; Humans",
            "doi",
            "10.1/x"),
        article.fields());
    assertEquals("Whole.", all.texts().getLast());
    assertEquals(Map.of("no abstract", 1L, "deleted citations", 1L), all.source.leftOut());
    assertEquals(PublishedSet.PUBMED, all.source.published().values().iterator().next());
  }

  @Test
  void aCutFileGivesTheArticlesBeforeTheCut() throws IOException {
    Collected all = read("c.xml", ARTICLES.substring(0, ARTICLES.indexOf("<PMID>12")));
    assertEquals(List.of("11"), all.ids());
    assertEquals(1, all.rejects.size());
  }

  private static final String V2 =
      "{\"protocolSection\": {\"identificationModule\": {\"nctId\": \"NCT01\", \"briefTitle\": \"T\"},"
          + " \"statusModule\": {\"overallStatus\": \"COMPLETED\", \"startDateStruct\": {\"date\":"
          + " \"2020-01\"}}, \"descriptionModule\": {\"briefSummary\": \"We test.\"},"
          + " \"conditionsModule\": {\"conditions\": [\"Gout\", \"Pain\"]}, \"designModule\":"
          + " {\"studyType\": \"INTERVENTIONAL\", \"phases\": [\"PHASE2\"]}, \"armsInterventionsModule\":"
          + " {\"interventions\": [{\"type\": \"DRUG\", \"name\": \"D\", \"description\": \"5 mg\"}]},"
          + " \"outcomesModule\": {\"primaryOutcomes\": [{\"measure\": \"M\"}]}, \"eligibilityModule\":"
          + " {\"eligibilityCriteria\": \"Inclusion: adults\", \"sex\": \"ALL\", \"minimumAge\": \"18"
          + " Years\"}, \"contactsLocationsModule\": {\"centralContacts\": [{\"name\": \"A Person\"}]}},"
          + " \"hasResults\": false}";

  private static final String OLD =
      "{\"Rank\": 1, \"Study\": {\"ProtocolSection\": {\"IdentificationModule\": {\"NCTId\": \"NCT01\","
          + " \"BriefTitle\": \"T\"}, \"StatusModule\": {\"OverallStatus\": \"COMPLETED\","
          + " \"StartDateStruct\": {\"StartDate\": \"2020-01\"}}, \"DescriptionModule\":"
          + " {\"BriefSummary\": \"We test.\"}, \"ConditionsModule\": {\"ConditionList\": {\"Condition\":"
          + " [\"Gout\", \"Pain\"]}}, \"DesignModule\": {\"StudyType\": \"INTERVENTIONAL\", \"PhaseList\":"
          + " {\"Phase\": [\"PHASE2\"]}}, \"ArmsInterventionsModule\": {\"InterventionList\":"
          + " {\"Intervention\": [{\"InterventionName\": \"D\", \"InterventionDescription\": \"5 mg\"}]}},"
          + " \"OutcomesModule\": {\"PrimaryOutcomeList\": {\"PrimaryOutcome\": [{\"PrimaryOutcomeMeasure\":"
          + " \"M\"}]}}, \"EligibilityModule\": {\"EligibilityCriteria\": \"Inclusion: adults\","
          + " \"Gender\": \"ALL\", \"MinimumAge\": \"18 Years\"}}}}";

  @Test
  void trialsOfBothFormsAreTheSame() throws IOException {
    Collected v2 = read("v2.json", "{\"studies\": [" + V2 + "], \"nextPageToken\": \"x\"}");
    Collected old =
        read(
            "old.json",
            "{\"FullStudiesResponse\": {\"APIVrs\": \"1\", \"FullStudies\": [" + OLD + "]}}");
    Document study = v2.only();
    assertEquals("NCT01", study.id());
    assertEquals(
        "Brief Summary:\nWe test.\n\nEligibility Criteria:\nInclusion: adults\n\nInterventions:\nD:"
            + " 5 mg\n\nPrimary Outcomes:\nM",
        study.text());
    assertEquals(
        Map.of(
            "title",
            "T",
            "status",
            "COMPLETED",
            "date",
            "2020-01",
            "type",
            "INTERVENTIONAL",
            "phase",
            "PHASE2",
            "conditions",
            "Gout; Pain",
            "sex",
            "ALL",
            "minimum_age",
            "18 Years"),
        study.fields());
    assertEquals(study.text(), old.only().text());
    assertEquals(study.fields(), old.only().fields());
    assertEquals(study.annotations(), old.only().annotations());
    for (String form : List.of(V2, "[" + V2 + "]", V2 + "\n")) {
      assertEquals("NCT01", read("f.json", form).only().id());
    }
    assertEquals(
        List.of("NCT01", "NCT02"), read("l.jsonl", V2 + "\n" + V2.replace("NCT01", "NCT02")).ids());
  }

  @Test
  void aStudyWithoutItsNumberIsTold() throws IOException {
    Collected all = read("n.json", "[" + V2.replace("nctId", "other") + "]");
    assertEquals(
        List.of("1: a study without protocolSection.identificationModule.nctId"), all.rejects);
  }

  @Test
  void powersAreNoDigitsOfTheNumberBeforeThem() throws IOException {
    String text =
        "platelets 250 x 10<sup>9</sup>/L, Na<sup>+</sup>, 10<sup>-3</sup>, CO<sub>2</sub>";
    Collected all = read("p.xml", ARTICLES.replace("Whole.", text));
    String plain = "platelets 250 x 10\u2079/L, Na\u207a, 10\u207b\u00b3, CO2";
    assertEquals(plain, all.documents.getLast().text());
    assertEquals(plain, HtmlText.of("<p>" + text + "</p>"));
    assertEquals(
        "as told [a note of some length] here",
        HtmlText.of("as told <sup>[a note of some length]</sup> here"));
  }
}
