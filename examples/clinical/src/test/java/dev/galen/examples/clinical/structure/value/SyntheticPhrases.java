package dev.galen.examples.clinical.structure.value;

/**
 * What {@link SyntheticNotes} says: drugs, how often they are taken, and numbers that are no
 * values.
 */
final class SyntheticPhrases {
  static final String[] DRUGS = {
    "lisinopril", "Metoprolol tartrate", "atorvastatin", "Eliquis", "gabapentin", "sertraline",
    "levothyroxine", "amoxicillin", "Zestoretic", "furosemide", "ondansetron", "brexpiprazole"
  };

  static final String[] OFTEN = {
    "daily",
    "BID",
    "three times a day",
    "q8h",
    "every 6 hours as needed",
    "at bedtime",
    "qam",
    "twice daily with meals",
    "every other day",
    "weekly",
    "q4-6h prn"
  };

  static final String[] NONE = {
    "Strength is 5/5 in the upper and 4/5 in the lower limbs.",
    "There is a disc bulge at L4-5 and at C6-7.",
    "A 3/6 holosystolic murmur radiates to the axilla.",
    "Was last seen on 03/14/2024 at 10:30.",
    "Reach the office at (555) 010-2299 or 555-0142.",
    "This is page 3 of 7.",
    "Acute kidney injury 2/2 dehydration.",
    "Vision 20/20 OD, 20/40 OS.",
    "GCS 15 on scene, GCS of 14 later.",
    "APGARs were 8 and 9.",
    "Rates the pain as 7/10 at worst.",
    "MMSE 27/30, PHQ-9 of 12.",
    "Reflexes 2+ and equal, pulses 2+ throughout.",
    "She is G3P2 at 38w4d.",
    "A 72-year-old man with a 40 pack-year history.",
    "Ejection fraction 55-60% by echo.",
    "Carotid stenosis of 70% on the left.",
    "A 6 mm nodule in segment 4 of the liver, 3.2 x 4.1 cm.",
    "Room 412, bed 2.",
    "Lost 12 pounds over 3 months.",
    "May not lift more than 10 lbs for 6 weeks.",
    "Fell from a height of 8 feet.",
    "Stage 3 chronic kidney disease, NYHA class 2.",
    "Uses 2 L of oxygen at night.",
    "T12 compression fracture, S1 radiculopathy.",
    "Call for a temperature above 101.5 F.",
    "Our goal is a blood pressure below 130/80.",
    "Hold metoprolol for heart rate less than 55.",
    "Estimated blood loss was 250 mL.",
    "Physical therapy 3 times a week for 4 weeks.",
    "MRN 4471920, seen in 2019.",
    "CN II-XII intact, S1 and S2 normal.",
    "Range of motion: flexion 110 degrees, extension 5 degrees.",
    "Intraocular pressure 18 mmHg in both eyes.",
    "Type 2 diabetes for 15 years.",
    "Took 1/2 of the sandwich, walks 2 blocks.",
    "CHA2DS2-VASc score is 4; HAS-BLED 2.",
    "Wells score 1.5.",
    "FEV1 62% of predicted.",
    "Vaccinated on 11/5 and 12/3.",
    "Gravida 2, para 1.",
    "Bilateral edema 1+ to the shins.",
    "Wound 4 cm by 2 cm, closed with 6 sutures.",
    "ICD code E11.9, CPT 99213.",
    "Tumor is pT2 N0 M0, Gleason 3+4=7.",
    "Breath sounds equal, 18 gauge needle used.",
    "Height of the disc is reduced by 30%.",
    "Drinks 2 beers a week, smokes 1 ppd.",
    "QTc 440 ms, PR interval 160 ms.",
    "ID 77-1204, ZIP 02139."
  };

  private SyntheticPhrases() {}
}
