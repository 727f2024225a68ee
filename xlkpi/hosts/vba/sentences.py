"""What the macros say where Python cannot say it, once in each language; ``{}`` is the detail."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "mac": ("Mac 上的 Excel 不能运行这些宏，请改用 xlwings Lite（见安装说明）",
            "Excel on a Mac cannot run these macros; use xlwings Lite instead (see the install guide)"),
    "no_config": ("这台电脑上还没有安装 xlkpi：找不到 xlkpi.conf。请运行一次 xlkpi excel install，再重新打开 Excel",
                  "xlkpi is not installed for Excel on this computer: there is no xlkpi.conf. "
                  "Run 'xlkpi excel install' once, then open Excel again"),
    "no_key": ("xlkpi.conf 中缺少“{}”，请重新运行 xlkpi excel install",
               "xlkpi.conf lacks '{}'; run 'xlkpi excel install' again"),
    "no_python": ("找不到 Python：{}。如果移动或重装过 Python，请重新运行 xlkpi excel install",
                  "there is no Python at {}; if it was moved or installed anew, run 'xlkpi excel install' again"),
    "no_dll": ("找不到 xlwings 的 DLL：{}。请重新运行 xlkpi excel install",
               "the DLL of xlwings is not at {}; run 'xlkpi excel install' again"),
    "bad_dll": ("无法加载 DLL：{}。请运行 xlkpi doctor 查明原因",
                "the DLL cannot be loaded: {}; 'xlkpi doctor' tells why"),
    "too_long": ("xlkpi.conf 中的路径太长，Python 无法启动；请把 Python 装在较短的路径下",
                 "the paths in xlkpi.conf are too long to start Python; install it in a folder with a shorter path"),
    "no_start": ("Python 没有启动：{}。请运行 xlkpi doctor 查明原因",
                 "Python did not start: {}; 'xlkpi doctor' tells why"),
    "refreshing": ("xlkpi 正在刷新……", "xlkpi is refreshing ..."),
    "not_refreshed": ("刷新没有完成，工作簿保持原样。", "The refresh did not finish; the workbook is as it was."),
    "refreshed": ("已刷新。", "Refreshed."),
}
