package dev.galen.examples.clinical.ingest;

import java.util.Arrays;
import java.util.Optional;

/** A research set that was published, known by the form of its files. */
public enum PublishedSet {
  /** Yes, no or maybe to questions of PubMed abstracts. */
  PUBMEDQA(
      "PubMedQA",
      "MIT",
      "Jin et al., EMNLP-IJCNLP 2019, arXiv:1909.06146",
      "abstracts of published articles; no patients' records"),
  /** Questions of medical board exams. */
  MEDQA(
      "MedQA",
      "MIT",
      "Jin et al., Applied Sciences 2021, arXiv:2009.13081",
      "exam questions with invented patients"),
  /** Questions and answers of the NIH's sites. */
  MEDQUAD(
      "MedQuAD",
      "CC BY 4.0",
      "Ben Abacha and Demner-Fushman, BMC Bioinformatics 2019",
      "texts for the public; no patients' records"),
  /** Dialogues and sections of notes. */
  MTS_DIALOG(
      "MTS-Dialog",
      "CC BY 4.0",
      "Ben Abacha, Yim, Fan and Lin, EACL 2023",
      "removed by its publishers"),
  /** Dialogues and whole notes of visits. */
  ACI_BENCH(
      "ACI-Bench",
      "CC BY 4.0",
      "Yim, Fu, Ben Abacha, Snider, Lin and Yetisgen, Scientific Data 2023",
      "visits played by actors; the names are invented"),
  /** Notes of intensive care. */
  MIMIC_III(
      "MIMIC-III",
      "PhysioNet Credentialed Health Data License 1.5.0",
      "Johnson et al., Scientific Data 2016",
      "removed by its publishers, with [**...**] in place of what identifies"),
  /** Discharge summaries and radiology reports. */
  MIMIC_IV_NOTE(
      "MIMIC-IV-Note",
      "PhysioNet Credentialed Health Data License 1.5.0",
      "Johnson et al., PhysioNet 2023, doi:10.13026/1n74-ne17",
      "removed by its publishers, with ___ in place of what identifies"),
  /** Citations and abstracts. */
  PUBMED(
      "PubMed",
      "NLM's terms; an abstract may be under its publisher's copyright",
      "National Library of Medicine, PubMed",
      "abstracts of published articles; no patients' records"),
  /** Registered trials. */
  CLINICAL_TRIALS(
      "ClinicalTrials.gov",
      "public; ClinicalTrials.gov's terms ask to name it as the source",
      "National Library of Medicine, ClinicalTrials.gov",
      "registrations of trials; no patients' records"),
  /** Notes with annotations. */
  I2B2(
      "i2b2/n2c2",
      "n2c2 data use agreement",
      "n2c2 NLP Research Data Sets, Department of Biomedical Informatics, Harvard",
      "removed by its publishers, with surrogates"),
  /** Sentences with spans of what identifies. */
  PRESIDIO(
      "Presidio research, synthetic",
      "MIT",
      "microsoft/presidio-research",
      "synthetic; its names are invented");

  private final String title;
  private final String licence;
  private final String citation;
  private final String whySafe;

  PublishedSet(String title, String licence, String citation, String whySafe) {
    this.title = title;
    this.licence = licence;
    this.citation = citation;
    this.whySafe = whySafe;
  }

  /** Its name as its publishers write it. */
  public String title() {
    return title;
  }

  /** The licence that its publishers give. */
  public String licence() {
    return licence;
  }

  /** What to cite. */
  public String citation() {
    return citation;
  }

  /** Why it holds nobody's identity. */
  public String whySafe() {
    return whySafe;
  }

  /** The set of this title, as a manifest names it. */
  public static Optional<PublishedSet> titled(String title) {
    return Arrays.stream(values()).filter(set -> set.title.equals(title)).findFirst();
  }
}
