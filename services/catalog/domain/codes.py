"""The code lists of Circular 05/2025/TT-BNV for dossiers (read from secondary text), as code to Vietnamese wording."""

RETENTION = {"01": "Vĩnh viễn"}  # a historical archive holds permanent dossiers only
ACCESS_LEVEL = {"01": "Công khai", "02": "Sử dụng có điều kiện", "03": "Mật"}
LANGUAGE = {
    "01": "Tiếng Việt",
    "02": "Tiếng Anh",
    "03": "Tiếng Pháp",
    "04": "Tiếng Nga",
    "05": "Tiếng Trung",
    "06": "Việt - Anh",
    "07": "Việt - Nga",
    "08": "Việt - Pháp",
    "09": "Hán Nôm",
    "10": "Việt - Trung",
    "11": "Khác",
}
PHYSICAL_CONDITION = {"01": "Tốt", "02": "Bình thường", "03": "Hỏng"}
TRUST_LEVEL = {"01": "Gốc điện tử", "02": "Số hóa", "03": "Hỗn hợp"}
DIGITISED = "02"
CLASSIFIED = "03"
