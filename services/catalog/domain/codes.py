"""The code lists of Circular 05/2025/TT-BNV for dossiers and documents, as code to Vietnamese wording."""

FONDS_KIND = {"fonds": "Phông", "work": "Công trình", "collection": "Sưu tập"}
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
DOCUMENT_TYPE = {
    "01": "Nghị quyết",
    "02": "Quyết định",
    "03": "Chỉ thị",
    "04": "Quy chế",
    "05": "Quy định",
    "06": "Thông cáo",
    "07": "Thông báo",
    "08": "Hướng dẫn",
    "09": "Chương trình",
    "10": "Kế hoạch",
    "11": "Phương án",
    "12": "Đề án",
    "13": "Dự án",
    "14": "Báo cáo",
    "15": "Tờ trình",
    "16": "Giấy ủy quyền",
    "17": "Phiếu gửi",
    "18": "Phiếu chuyển",
    "19": "Phiếu báo",
    "20": "Biên bản",
    "21": "Hợp đồng",
    "22": "Công văn",
    "23": "Công điện",
    "24": "Bản ghi nhớ",
    "25": "Bản thỏa thuận",
    "26": "Giấy mời",
    "27": "Giấy giới thiệu",
    "28": "Giấy nghỉ phép",
    "29": "Thư công",
    "30": "Bản đồ",
    "31": "Bản vẽ kỹ thuật",
    "32": "Khác",
}
