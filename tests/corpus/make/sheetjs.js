// Files of SheetJS (xlsx), as web applications write them: node sheetjs.js FOLDER
const fs = require("fs");
const path = require("path");
const XLSX = require(path.join(process.env.NODE_PATH, "xlsx"));

const folder = process.argv[2];
const list = [
  ["memberId", "userId", "ciq", "nickname", "礼品"],
  [90001, "U90001", "C90001", "张丽", "面膜"],
  [90002, "U90002", "C90002", "王芳", "精华"],
  [90003, "U90003", "C90003", "李娜", "口红"],
];
const short = list.map((row) => [row[1], row[3], row[4]]);

function write(name, sheets, options) {
  const book = XLSX.utils.book_new();
  for (const [title, rows] of sheets) {
    const sheet = Array.isArray(rows) ? XLSX.utils.aoa_to_sheet(rows, { cellDates: true }) : rows;
    XLSX.utils.book_append_sheet(book, sheet, title);
  }
  const content = XLSX.write(book, { type: "buffer", ...options });
  const target = path.join(folder, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content);
}

const plain = [["名单", list]];
write("formats/sheetjs.xlsx", plain, { bookType: "xlsx" });
write("formats/sheetjs-compressed.xlsx", plain, { bookType: "xlsx", compression: true, bookSST: true });
write("formats/sheetjs.xlsm", plain, { bookType: "xlsm" });
write("formats/sheetjs.xls", plain, { bookType: "biff8" });
write("formats/sheetjs.csv", plain, { bookType: "csv" });
write("formats/sheetjs-tabs.txt", plain, { bookType: "txt" });
write("formats/sheetjs.ods", plain, { bookType: "ods" });
write("foreign/sheetjs.xlsb", plain, { bookType: "xlsb" });
write("foreign/sheetjs-xlsb-named-xlsx.xlsx", plain, { bookType: "xlsb" });
write("foreign/sheetjs-excel-95.xls", plain, { bookType: "biff5" });
write("foreign/sheetjs-excel-4.xls", plain, { bookType: "biff4" });
write("foreign/sheetjs-excel-2.xls", plain, { bookType: "biff2" });
write("foreign/sheetjs-html.xls", plain, { bookType: "html" });
write("foreign/sheetjs-xml.xls", plain, { bookType: "xlml" });
write("foreign/sheetjs.fods", plain, { bookType: "fods" });
write("foreign/sheetjs.dif", plain, { bookType: "dif" });
write("foreign/sheetjs.slk", plain, { bookType: "sylk" });
write("foreign/sheetjs.eth", plain, { bookType: "eth" });

// A number that JavaScript has rounded already, and one that it has not.
write("ids/sheetjs-18-digits.xlsx",
  [["名单", [["memberId", "nickname", "礼品"], [440301199001011234, "张丽", "面膜"]]]], { bookType: "xlsx" });
write("ids/sheetjs-16-digits.xls",
  [["名单", [["memberId", "nickname", "礼品"], [1234567890123456, "张丽", "面膜"]]]], { bookType: "biff8" });
write("ids/sheetjs-date.xlsx",
  [["名单", [["userId", "nickname", "礼品"], [new Date(Date.UTC(2025, 4, 5)), "张丽", "面膜"]]]],
  { bookType: "xlsx", cellDates: true });
write("ids/sheetjs-boolean.xlsx",
  [["名单", [["userId", "nickname", "礼品"], [true, "张丽", "面膜"]]]], { bookType: "xlsx" });
const zeros = XLSX.utils.aoa_to_sheet(short.slice(0, 2));
zeros.A2 = { t: "n", v: 90001, z: "00000000" };
write("ids/sheetjs-format-zeros.xlsx", [["名单", zeros]], { bookType: "xlsx" });
const error = XLSX.utils.aoa_to_sheet(short.slice(0, 3));
error.A3 = { t: "e", v: 0x2a };
write("ids/sheetjs-error-value.xlsx", [["名单", error]], { bookType: "xlsx" });
write("structure/sheetjs-readme-sheet-first.xlsx",
  [["使用说明", [["请在第二个工作表中填写"]]], ["会员", short]], { bookType: "xlsx" });
const merged = XLSX.utils.aoa_to_sheet([["会员导出", null, null], ...short]);
merged["!merges"] = [XLSX.utils.decode_range("A1:C1")];
write("structure/sheetjs-title-row-merged.xlsx", [["Sheet1", merged]], { bookType: "xlsx" });
write("structure/sheetjs-from-objects.xlsx",
  [["Sheet1", XLSX.utils.json_to_sheet(short.slice(1).map(([userId, nickname, gift]) =>
    ({ userId, nickname, "礼品": gift })))]], { bookType: "xlsx" });
