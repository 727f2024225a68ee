"""What the platforms are called."""

from __future__ import annotations

from xlkpi import language

NAMES: dict[str, tuple[str, str]] = {
    "douyin": ("抖音", "Douyin"), "wechat": ("公众号", "WeChat"), "channels": ("视频号", "WeChat Channels"),
    "kuaishou": ("快手", "Kuaishou"), "xiaohongshu": ("小红书", "Xiaohongshu"), "bilibili": ("B站", "Bilibili"),
    "toutiao": ("头条号", "Toutiao"), "baijiahao": ("百家号", "Baijiahao"), "zhihu": ("知乎", "Zhihu"),
    "weibo": ("微博", "Weibo"), "youtube": ("YouTube", "YouTube"), "tiktok": ("TikTok", "TikTok"),
    "instagram": ("Instagram", "Instagram"), "facebook": ("Facebook", "Facebook"), "generic": ("自有数据", "own data"),
}


def platform_name(code: str) -> str:
    """A platform's name in the current language."""
    return NAMES.get(code, (code, code))[0 if language.current() == "zh" else 1]
