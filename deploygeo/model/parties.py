"""Who can be a party: states by ISO 3166-1 alpha-3, XKX for Kosovo, NATO for what it owns."""

from __future__ import annotations

import difflib
from functools import lru_cache

__all__ = ["FORMER_STATES", "PARTIES", "TERRITORIES", "name_of", "party_hint"]

# What has a code of its own and belongs to a state: its name, and whose it is. It hosts forces and
# sends none.
TERRITORIES: dict[str, tuple[str, str]] = {
    "ABW": ("Aruba", "NLD"),
    "AIA": ("Anguilla", "GBR"),
    "ALA": ("Åland Islands", "FIN"),
    "ASM": ("American Samoa", "USA"),
    "ATF": ("French Southern Territories", "FRA"),
    "BES": ("Bonaire, Sint Eustatius and Saba", "NLD"),
    "BLM": ("Saint Barthélemy", "FRA"),
    "BMU": ("Bermuda", "GBR"),
    "BVT": ("Bouvet Island", "NOR"),
    "CCK": ("Cocos (Keeling) Islands", "AUS"),
    "COK": ("Cook Islands", "NZL"),
    "CUW": ("Curaçao", "NLD"),
    "CXR": ("Christmas Island", "AUS"),
    "CYM": ("Cayman Islands", "GBR"),
    "FLK": ("Falkland Islands", "GBR"),
    "FRO": ("Faroe Islands", "DNK"),
    "GGY": ("Guernsey", "GBR"),
    "GIB": ("Gibraltar", "GBR"),
    "GLP": ("Guadeloupe", "FRA"),
    "GRL": ("Greenland", "DNK"),
    "GUF": ("French Guiana", "FRA"),
    "GUM": ("Guam", "USA"),
    "HKG": ("Hong Kong", "CHN"),
    "HMD": ("Heard Island and McDonald Islands", "AUS"),
    "IMN": ("Isle of Man", "GBR"),
    "IOT": ("British Indian Ocean Territory", "GBR"),
    "JEY": ("Jersey", "GBR"),
    "MAC": ("Macao", "CHN"),
    "MAF": ("Saint Martin", "FRA"),
    "MNP": ("Northern Mariana Islands", "USA"),
    "MSR": ("Montserrat", "GBR"),
    "MTQ": ("Martinique", "FRA"),
    "MYT": ("Mayotte", "FRA"),
    "NCL": ("New Caledonia", "FRA"),
    "NFK": ("Norfolk Island", "AUS"),
    "NIU": ("Niue", "NZL"),
    "PCN": ("Pitcairn", "GBR"),
    "PRI": ("Puerto Rico", "USA"),
    "PYF": ("French Polynesia", "FRA"),
    "REU": ("Réunion", "FRA"),
    "SGS": ("South Georgia and the South Sandwich Islands", "GBR"),
    "SHN": ("Saint Helena, Ascension and Tristan da Cunha", "GBR"),
    "SJM": ("Svalbard and Jan Mayen", "NOR"),
    "SPM": ("Saint Pierre and Miquelon", "FRA"),
    "SXM": ("Sint Maarten", "NLD"),
    "TCA": ("Turks and Caicos Islands", "GBR"),
    "TKL": ("Tokelau", "NZL"),
    "UMI": ("United States Minor Outlying Islands", "USA"),
    "VGB": ("British Virgin Islands", "GBR"),
    "VIR": ("US Virgin Islands", "USA"),
    "WLF": ("Wallis and Futuna", "FRA"),
}

# Not parties, because no border of theirs is drawn; the catalogue names them as operators.
FORMER_STATES: dict[str, str] = {
    "CSK": "Czechoslovakia",
    "DDR": "East Germany",
    "SUN": "Soviet Union",
    "YUG": "Yugoslavia",
}

#: The parties that a file may name, by their code.
PARTIES: dict[str, str] = {
    "AFG": "Afghanistan",
    "AGO": "Angola",
    "ALB": "Albania",
    "AND": "Andorra",
    "ARE": "United Arab Emirates",
    "ARG": "Argentina",
    "ARM": "Armenia",
    "ATA": "Antarctica",
    "ATG": "Antigua and Barbuda",
    "AUS": "Australia",
    "AUT": "Austria",
    "AZE": "Azerbaijan",
    "BDI": "Burundi",
    "BEL": "Belgium",
    "BEN": "Benin",
    "BFA": "Burkina Faso",
    "BGD": "Bangladesh",
    "BGR": "Bulgaria",
    "BHR": "Bahrain",
    "BHS": "Bahamas",
    "BIH": "Bosnia and Herzegovina",
    "BLR": "Belarus",
    "BLZ": "Belize",
    "BOL": "Bolivia",
    "BRA": "Brazil",
    "BRB": "Barbados",
    "BRN": "Brunei",
    "BTN": "Bhutan",
    "BWA": "Botswana",
    "CAF": "Central African Republic",
    "CAN": "Canada",
    "CHE": "Switzerland",
    "CHL": "Chile",
    "CHN": "China",
    "CIV": "Côte d'Ivoire",
    "CMR": "Cameroon",
    "COD": "Democratic Republic of the Congo",
    "COG": "Republic of the Congo",
    "COL": "Colombia",
    "COM": "Comoros",
    "CPV": "Cabo Verde",
    "CRI": "Costa Rica",
    "CUB": "Cuba",
    "CYP": "Cyprus",
    "CZE": "Czechia",
    "DEU": "Germany",
    "DJI": "Djibouti",
    "DMA": "Dominica",
    "DNK": "Denmark",
    "DOM": "Dominican Republic",
    "DZA": "Algeria",
    "ECU": "Ecuador",
    "EGY": "Egypt",
    "ERI": "Eritrea",
    "ESH": "Western Sahara",
    "ESP": "Spain",
    "EST": "Estonia",
    "ETH": "Ethiopia",
    "FIN": "Finland",
    "FJI": "Fiji",
    "FRA": "France",
    "FSM": "Micronesia",
    "GAB": "Gabon",
    "GBR": "United Kingdom",
    "GEO": "Georgia",
    "GHA": "Ghana",
    "GIN": "Guinea",
    "GMB": "Gambia",
    "GNB": "Guinea-Bissau",
    "GNQ": "Equatorial Guinea",
    "GRC": "Greece",
    "GRD": "Grenada",
    "GTM": "Guatemala",
    "GUY": "Guyana",
    "HND": "Honduras",
    "HRV": "Croatia",
    "HTI": "Haiti",
    "HUN": "Hungary",
    "IDN": "Indonesia",
    "IND": "India",
    "IRL": "Ireland",
    "IRN": "Iran",
    "IRQ": "Iraq",
    "ISL": "Iceland",
    "ISR": "Israel",
    "ITA": "Italy",
    "JAM": "Jamaica",
    "JOR": "Jordan",
    "JPN": "Japan",
    "KAZ": "Kazakhstan",
    "KEN": "Kenya",
    "KGZ": "Kyrgyzstan",
    "KHM": "Cambodia",
    "KIR": "Kiribati",
    "KNA": "Saint Kitts and Nevis",
    "KOR": "South Korea",
    "KWT": "Kuwait",
    "LAO": "Laos",
    "LBN": "Lebanon",
    "LBR": "Liberia",
    "LBY": "Libya",
    "LCA": "Saint Lucia",
    "LIE": "Liechtenstein",
    "LKA": "Sri Lanka",
    "LSO": "Lesotho",
    "LTU": "Lithuania",
    "LUX": "Luxembourg",
    "LVA": "Latvia",
    "MAR": "Morocco",
    "MCO": "Monaco",
    "MDA": "Moldova",
    "MDG": "Madagascar",
    "MDV": "Maldives",
    "MEX": "Mexico",
    "MHL": "Marshall Islands",
    "MKD": "North Macedonia",
    "MLI": "Mali",
    "MLT": "Malta",
    "MMR": "Myanmar",
    "MNE": "Montenegro",
    "MNG": "Mongolia",
    "MOZ": "Mozambique",
    "MRT": "Mauritania",
    "MUS": "Mauritius",
    "MWI": "Malawi",
    "MYS": "Malaysia",
    "NAM": "Namibia",
    "NATO": "NATO",
    "NER": "Niger",
    "NGA": "Nigeria",
    "NIC": "Nicaragua",
    "NLD": "Netherlands",
    "NOR": "Norway",
    "NPL": "Nepal",
    "NRU": "Nauru",
    "NZL": "New Zealand",
    "OMN": "Oman",
    "PAK": "Pakistan",
    "PAN": "Panama",
    "PER": "Peru",
    "PHL": "Philippines",
    "PLW": "Palau",
    "PNG": "Papua New Guinea",
    "POL": "Poland",
    "PRK": "North Korea",
    "PRT": "Portugal",
    "PRY": "Paraguay",
    "PSE": "Palestine",
    "QAT": "Qatar",
    "ROU": "Romania",
    "RUS": "Russia",
    "RWA": "Rwanda",
    "SAU": "Saudi Arabia",
    "SDN": "Sudan",
    "SEN": "Senegal",
    "SGP": "Singapore",
    "SLB": "Solomon Islands",
    "SLE": "Sierra Leone",
    "SLV": "El Salvador",
    "SMR": "San Marino",
    "SOM": "Somalia",
    "SRB": "Serbia",
    "SSD": "South Sudan",
    "STP": "Sao Tome and Principe",
    "SUR": "Suriname",
    "SVK": "Slovakia",
    "SVN": "Slovenia",
    "SWE": "Sweden",
    "SWZ": "Eswatini",
    "SYC": "Seychelles",
    "SYR": "Syria",
    "TCD": "Chad",
    "TGO": "Togo",
    "THA": "Thailand",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "TLS": "Timor-Leste",
    "TON": "Tonga",
    "TTO": "Trinidad and Tobago",
    "TUN": "Tunisia",
    "TUR": "Türkiye",
    "TUV": "Tuvalu",
    "TWN": "Taiwan",
    "TZA": "Tanzania",
    "UGA": "Uganda",
    "UKR": "Ukraine",
    "URY": "Uruguay",
    "USA": "United States",
    "UZB": "Uzbekistan",
    "VAT": "Holy See",
    "VCT": "Saint Vincent and the Grenadines",
    "VEN": "Venezuela",
    "VNM": "Vietnam",
    "VUT": "Vanuatu",
    "WSM": "Samoa",
    "XKX": "Kosovo",
    "YEM": "Yemen",
    "ZAF": "South Africa",
    "ZMB": "Zambia",
    "ZWE": "Zimbabwe",
}

# What people write instead of a code; the hint names the code, the file must use it.
_ALIASES = {
    "america": "USA",
    "britain": "GBR",
    "czech republic": "CZE",
    "england": "GBR",
    "great britain": "GBR",
    "holland": "NLD",
    "kos": "XKX",
    "macedonia": "MKD",
    "otan": "NATO",
    "russian federation": "RUS",
    "turkey": "TUR",
    "uk": "GBR",
    "ukraina": "UKR",
    "united states of america": "USA",
    "us": "USA",
    "xk": "XKX",
}


def name_of(code: str) -> str:
    """Return the name of a party or a territory; the code itself where it is neither.

    Parameters
    ----------
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> name_of("DNK"), name_of("GRL"), name_of("crimea")
    ('Denmark', 'Greenland', 'crimea')
    """
    return TERRITORIES[code][0] if code in TERRITORIES else PARTIES.get(code, code)


@lru_cache(maxsize=512)
def party_hint(name: str) -> str:
    """Return the tail of a message about an unknown party.

    Parameters
    ----------
    name : str
        What was written.

    Returns
    -------
    str
        With the code that was probably meant, if any.

    Examples
    --------
    >>> party_hint("Russia")
    "; did you mean 'RUS' (Russia)? Parties are ISO 3166-1 alpha-3 codes, XKX or NATO."
    >>> party_hint("ussr-2")
    '. Parties are ISO 3166-1 alpha-3 codes, XKX or NATO.'
    >>> party_hint("GRL")
    '; Greenland is a territory of DNK (Denmark). A party is a state, or NATO.'
    """
    if name in TERRITORIES:
        own, state = TERRITORIES[name]
        return f"; {own} is a territory of {state} ({PARTIES[state]}). A party is a state, or NATO."
    rule = "Parties are ISO 3166-1 alpha-3 codes, XKX or NATO."
    folded = name.strip().casefold()[:60]
    by_name = {text.casefold(): code for code, text in PARTIES.items()}
    code = _ALIASES.get(folded) or by_name.get(folded) or ""
    if not code and folded.upper() in PARTIES:
        code = folded.upper()
    if not code:
        near = difflib.get_close_matches(folded, [*by_name, *map(str.casefold, PARTIES)], 1, 0.75)
        if near:
            code = by_name.get(near[0]) or near[0].upper()
    return f"; did you mean {code!r} ({PARTIES[code]})? {rule}" if code else f". {rule}"
