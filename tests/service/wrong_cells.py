"""Cells that are wrong about what a dossier is made of and about its proofs: kind of fault, column, cell."""

WRONG_MATERIALS: dict[str, tuple[str, object]] = {
    "kind_unknown": ("kind", "tranh"),
    "carrier_unknown": ("carrier", "nhựa"),
    "conditions_unknown": ("damage", "torn; nát"),
    "conditions_repeated": ("damage", "torn; torn"),
    "is_legible_not_a_mark": ("legible", "hơi"),
    "sheet_sizes_not_sizes": ("sheetsBySize", "A4 120"),
    "sheet_sizes_more_than_there_are": ("sheetsBySize", "A4: 10; A3: 3"),
    "page_sizes_not_sizes": ("pagesBySize", "A9: 1"),
    "page_sizes_out_of_range": ("pagesBySize", "A4: 0"),
    "page_sizes_more_than_there_are": ("pagesBySize", "A4: 13"),
    "box_too_long": ("box", "x" * 51),
    "shelf_too_long": ("shelf", "x" * 51),
    "arrangement_number_too_long": ("arrangementNumber", "x" * 101),
    "arrangement_on_not_a_date": ("arrangementDate", "hôm qua"),
    "arrangement_on_in_future": ("arrangementDate", "2200"),
    "removed_sheet_count_not_a_number": ("removedSheets", "hai"),
    "removed_sheet_count_out_of_range": ("removedSheets", 0),
    "secrecy_by_too_long": ("secrecyCheckedBy", "x" * 201),
    "secrecy_decision_too_long": ("secrecyDecision", "x" * 201),
}
